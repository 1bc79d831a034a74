// The kiosk's page: what a patient does with it.
import { strict as assert } from 'node:assert';
import { KIOSK_CODE, PIN } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';

/** Someone new, with everything answered. Override what a journey is about. */
export function someone(over = {}) {
  return {
    lang: 'en',
    who: 'patient',
    birth: ['3', '9', '1984'],
    given: 'Robin',
    family: 'Tester',
    phone: '555 013 4471',
    mayText: 'yes',
    before: 'no',
    changed: ['nothing'],
    sex: 'female',
    street: '12 Elm Street',
    city: 'Brookfield',
    state: 'WI',
    zip: '53005',
    email: '',
    insurance: 'none',
    payer: 'Blue Ridge PPO',
    member: 'BRP 2093 77',
    group: '',
    holder: 'self',
    second: 'no',
    photos: null, // { front, back }: JPEG bytes
    emergency: { given: 'Alex', family: 'Tester', relationship: 'brother', phone: '555 017 1200' },
    reason: 'Sore throat for three days',
    allergies: null, // words, when there are any
    signs: true,
    declines: [], // numbers of consents, from 0
    ...over,
  };
}

export class Kiosk {
  constructor(device, origin) {
    this.device = device;
    this.origin = origin;
  }

  get page() {
    return this.device.page;
  }

  async open() {
    await this.page.goto(`${this.origin}/kiosk`);
    await this.ready();
  }

  async ready() {
    await this.page.locator('html[data-ready]').waitFor({ state: 'attached' });
    await this.page.locator('[data-step]:not([data-step="starting"])').waitFor();
  }

  /** Opens, and enrols when the tablet is new; then waits until it could start without a network. */
  async enrol(code = KIOSK_CODE) {
    await this.open();
    if ((await this.step()) === 'enrol') {
      await this.page.fill('#enrol-code', code);
      await this.page.click('#enrol-go');
      await this.at('welcome');
    }
    await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  }

  /** Name of the screen. */
  step() {
    return this.page.locator('[data-step]').first().getAttribute('data-step');
  }

  at(name) {
    return this.page.locator(`[data-step="${name}"]`).waitFor();
  }

  title() {
    return this.page.locator('#question-title').innerText();
  }

  async begin(lang = 'en') {
    await this.at('welcome');
    await this.page.click('#start');
    await this.at('language');
    if (lang !== 'en') await this.choose('language', lang);
    await this.page.locator(`html[lang="${lang}"]`).waitFor({ state: 'attached' });
  }

  /** Presses a row of a group. */
  async choose(name, value) {
    const input = this.page.locator(`input[name="${name}"][value="${value}"]`);
    if (!(await input.isChecked())) await this.page.locator('label', { has: input }).click();
    assert.equal(await input.isChecked(), true, `${name}=${value} is not chosen`);
  }

  /** What tells one screen, or one page of it, from the next. */
  place() {
    return this.page.evaluate(() => {
      const root = document.querySelector('[data-step]');
      const words = [...root.querySelectorAll('#question-title, main [role=status], .problem')].map((one) => one.textContent);
      return [root.dataset.step, ...words].join('|');
    });
  }

  /** Continue, until the screen has changed. */
  async next() {
    const before = await this.place();
    await this.page.click('#continue');
    await eventually(`what follows "${before.slice(0, 80)}"`, async () => (await this.place()) !== before, { every: 20 });
    const problem = this.page.locator('.problem');
    if (await problem.count()) throw new Error(`"${before.slice(0, 60)}" complains: ${(await problem.innerText()).replace(/\n/g, ' ')}`);
  }

  async back() {
    const before = await this.place();
    await this.page.click('#back');
    await eventually('the question before', async () => (await this.place()) !== before, { every: 20 });
  }

  async birth(prefix, [month, day, year]) {
    await this.page.selectOption(`#${prefix}-month`, month);
    await this.page.fill(`#${prefix}-day`, day);
    await this.page.fill(`#${prefix}-year`, year);
  }

  async person(prefix, one) {
    await this.page.fill(`#${prefix}-given`, one.given);
    await this.page.fill(`#${prefix}-family`, one.family);
    await this.page.fill(`#${prefix}-relationship`, one.relationship);
    await this.page.fill(`#${prefix}-phone`, one.phone);
  }

  async photo(side, bytes, name = `${side}.jpg`) {
    await this.page.setInputFiles(`#card-${side}`, { name, mimeType: 'image/jpeg', buffer: bytes });
  }

  /** Signs with the pointer: three strokes. */
  async sign() {
    const box = await this.page.locator('#signature-pad').boundingBox();
    const at = (x, y) => [box.x + box.width * x, box.y + box.height * y];
    const { mouse } = this.page;
    for (const stroke of [[[0.1, 0.6], [0.2, 0.2], [0.25, 0.7], [0.35, 0.4]], [[0.4, 0.5], [0.55, 0.55], [0.5, 0.3]], [[0.6, 0.6], [0.9, 0.4]]]) {
      await mouse.move(...at(...stroke[0]));
      await mouse.down();
      for (const point of stroke.slice(1)) await mouse.move(...at(...point), { steps: 4 });
      await mouse.up();
    }
    const drawn = await this.page.locator('#signature-pad path').last().getAttribute('d');
    assert.ok(drawn.length > 40, 'the signature was not drawn');
  }

  /** Answers the screen that is shown. */
  async answer(step, one) {
    const { page } = this;
    switch (step) {
      case 'who': return this.choose('who', one.who);
      case 'birth': return this.birth('dob', one.birth);
      case 'name':
        await page.fill('#given-name', one.given);
        return page.fill('#family-name', one.family);
      case 'phone':
        await page.fill('#phone', one.phone);
        return this.choose('may-text', one.mayText);
      case 'before': return this.choose('before', one.before);
      case 'changed':
        for (const value of one.changed) await this.choose('changed', value);
        return;
      case 'sex': return this.choose('sex', one.sex);
      case 'address':
        await page.fill('#street', one.street);
        await page.fill('#city', one.city);
        await page.selectOption('#state', one.state);
        return page.fill('#zip', one.zip);
      case 'email': return one.email ? page.fill('#email', one.email) : undefined;
      case 'insurance': return this.choose('insurance', one.insurance);
      case 'card': {
        for (const [side, bytes] of Object.entries(one.photos ?? {})) {
          await this.photo(side, bytes);
          await page.locator(`#card-${side}-remove`).waitFor();
        }
        return;
      }
      case 'coverage':
        await page.fill('#payer', one.payer);
        await page.fill('#member-id', one.member);
        return page.fill('#group', one.group);
      case 'holder': return this.choose('holder', one.holder);
      case 'subscriber':
        await page.fill('#sub-given', 'Jordan');
        await page.fill('#sub-family', one.family);
        await this.birth('sub-dob', ['2', '3', '1980']);
        return page.selectOption('#sub-sex', 'male');
      case 'second': {
        await this.choose('second', one.second);
        return;
      }
      case 'emergency': return this.person('em', one.emergency);
      case 'guarantor': return page.click('#gu-same');
      case 'reason': return page.fill('#reason', one.reason);
      case 'question': return this.question(one);
      case 'decide': {
        const number = this.decided++;
        return this.choose('decision', one.declines.includes(number) ? 'declined' : 'agreed');
      }
      case 'sign':
        if (one.signs && !(await page.locator('#signature-pad path').last().getAttribute('d'))) await this.sign();
        return page.fill('#typed-name', `${one.given} ${one.family}`);
      default:
    }
  }

  /** The practice's own questions: "no", "none", "never", unless there is an allergy to tell of. */
  async question(one) {
    const { page } = this;
    const values = await page.locator('input[name="answer"]').evaluateAll((all) => all.map((input) => input.value));
    if (values.length === 0) return page.fill('#answer', one.allergies ?? 'None');
    const first = !this.asked;
    this.asked = true;
    if (values.includes('yes')) return this.choose('answer', first && one.allergies ? 'yes' : 'no');
    return this.choose('answer', ['none', 'never'].find((value) => values.includes(value)) ?? values[0]);
  }

  /** From the language to a screen, answering what comes. `each(step)` sees every screen before it is answered. */
  async walk(one, { until = 'review', each } = {}) {
    this.decided = 0;
    this.asked = false;
    for (let screens = 0; screens < 90; screens += 1) {
      const step = await this.step();
      if (each) await each(step);
      if (step === until) return;
      await this.answer(step, one);
      if (each) await each(step, true);
      await this.next();
    }
    throw new Error(`the way to "${until}" has no end`);
  }

  /** From the review to the thanks. */
  async send({ each } = {}) {
    await this.at('review');
    for (let pages = 0; pages < 12; pages += 1) {
      const before = await this.place();
      await this.page.click('#continue');
      await eventually('the next page, or the thanks', async () => (await this.place()) !== before, { every: 20 });
      if ((await this.step()) === 'done') return;
      const problem = this.page.locator('.problem');
      if (await problem.count()) throw new Error(`sending complains: ${await problem.innerText()}`);
      if (each) await each('review');
    }
    throw new Error('the review has no end');
  }

  /** A whole visit. */
  async submit(one) {
    await this.begin(one.lang);
    await this.walk(one);
    await this.send();
  }

  words() {
    return this.page.locator('#state-words').innerText();
  }

  async finish() {
    await this.page.click('#finish');
    await this.at('welcome');
  }

  /** What the staff's page counts as saved and not sent. Leaves that page open. */
  async staffPage() {
    await this.at('welcome');
    await this.page.click('#staff');
    await this.page.fill('#pin', PIN);
    await this.page.click('#pin-enter');
    await this.at('staff');
  }

  async saved() {
    const facts = await this.page.locator('.k-facts dl').evaluate((list) =>
      [...list.querySelectorAll('dt')].map((name) => [name.textContent, name.nextElementSibling.textContent]),
    );
    return Number(facts.find(([name]) => /Saved on this tablet|Guardado en esta tableta/.test(name))?.[1]);
  }

  /** SHA-256 of the photos that wait on this tablet, by the keys under which they lie. */
  waitingPhotos() {
    return this.page.evaluate(
      () =>
        new Promise((done, fail) => {
          const asked = indexedDB.open('anteroom-kiosk');
          asked.onerror = () => fail(asked.error);
          asked.onsuccess = () => {
            const keys = asked.result.transaction('blobs').objectStore('blobs').getAllKeys();
            keys.onsuccess = () => {
              asked.result.close();
              done(keys.result.map((key) => String(key).split('/').pop()));
            };
          };
        }),
    );
  }

  /** The moment of the next push that the server answers. */
  nextPush() {
    return this.page
      .waitForResponse((response) => response.url().endsWith('/api/push') && response.ok(), { timeout: 90_000 })
      .then(() => Date.now());
  }
}

/** A real JPEG that looks like print on a card. Made by the browser, from a seed. */
export async function cardPhoto(page, words, seed = 1) {
  const base64 = await page.evaluate(
    ([words, seed]) => {
      const canvas = document.createElement('canvas');
      canvas.width = 1280;
      canvas.height = 808;
      const pen = canvas.getContext('2d');
      pen.fillStyle = '#f4f1e8';
      pen.fillRect(0, 0, 1280, 808);
      pen.fillStyle = '#123a5a';
      pen.fillRect(0, 0, 1280, 120);
      pen.fillStyle = '#fff';
      pen.font = 'bold 64px sans-serif';
      pen.fillText(words, 40, 84);
      pen.fillStyle = '#181818';
      let at = seed;
      for (let row = 0; row < 16; row += 1) {
        for (let column = 0; column < 40; column += 1) {
          at = (at * 1103515245 + 12345) % 2147483648;
          if (at % 3) pen.fillRect(40 + column * 30, 160 + row * 40, 6 + (at % 17), 22);
        }
      }
      return canvas.toDataURL('image/jpeg', 0.9).split(',')[1];
    },
    [words, seed],
  );
  return Buffer.from(base64, 'base64');
}
