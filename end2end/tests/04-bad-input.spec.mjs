// What goes wrong at a kiosk is said, and nothing that was typed is lost.
import { strict as assert } from 'node:assert';
import { journey } from '../lib/journey.mjs';
import { eventually } from '../lib/wait.mjs';
import { Kiosk, cardPhoto, someone } from '../pages/kiosk.mjs';

const TABLET = { viewport: { width: 1024, height: 768 } };
/** Screens on which nothing has to be answered. */
const FREE = new Set(['language', 'gender', 'race', 'ethnicity', 'email', 'card', 'consent', 'review', 'done']);

/** What stands in every field of the screen. */
const fields = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('main input:not([type=file]), main select, main textarea')].map((one) =>
      one.type === 'radio' || one.type === 'checkbox' ? `${one.name}=${one.value}:${one.checked}` : `${one.id}:${one.value}`,
    ),
  );

async function complains(kiosk, step) {
  const { page } = kiosk;
  await page.click('#continue');
  await page.locator('.problem').waitFor();
  assert.equal(await kiosk.step(), step, `${step} went on without an answer`);
  await eventually(`the focus in the problem summary of ${step}`, () => page.evaluate(() => document.activeElement?.classList.contains('problem')), { timeout: 5000 });
  const said = await page.locator('.problem li').allInnerTexts();
  assert.ok(said.length > 0 && said.every((text) => text.length > 5), `${step} says nothing`);
  await eventually(`"Error:" in the title of ${step}`, async () => (await page.title()).startsWith('Error: '), { timeout: 5000 });
  const links = await page.locator('.problem li a').evaluateAll((all) => all.map((link) => link.getAttribute('href').slice(1)));
  for (const id of links) assert.equal(await page.locator(`[id="${id}"]`).count(), 1, `${step}: the problem leads to #${id}, which is not there`);
  assert.ok((await page.locator('.fault').count()) >= 1, `${step}: nothing is said beside the field`);
  return said;
}

journey('every question that needs an answer says so, with focus and title, and keeps what was typed', async (t) => {
  const kiosk = new Kiosk(await t.device('kiosk', TABLET), t.origin);
  await kiosk.enrol();
  await kiosk.begin();
  const one = someone({
    who: 'parent', birth: ['5', '6', '2015'], insurance: 'cards', holder: 'child', allergies: 'Nuts', family: 'Fault',
  });
  const said = new Map();
  await kiosk.walk(one, {
    each: async (step, answered) => {
      if (answered) {
        // Another language, and back: every answer stays.
        const before = await fields(kiosk.page);
        await kiosk.page.click('#lang-es');
        await kiosk.page.locator('html[lang="es"]').waitFor({ state: 'attached' });
        assert.deepEqual(step === 'language' ? [] : await fields(kiosk.page), step === 'language' ? [] : before, `${step}: answers in Spanish`);
        await kiosk.page.click('#lang-en');
        await kiosk.page.locator('html[lang="en"]').waitFor({ state: 'attached' });
        assert.deepEqual(await fields(kiosk.page), before, `${step}: answers back in English`);
        return;
      }
      if (FREE.has(step)) return;
      const given = await kiosk.page.locator('main input:checked').count();
      if (step === 'question' && (await kiosk.page.locator('#answer').getAttribute('aria-required')) === 'false') return;
      if (given) return;
      if (step === 'sign') await kiosk.page.fill('#typed-name', ''); // the name typed before is offered again
      said.set(step, await complains(kiosk, step));
    },
  });
  const wanted = ['who', 'birth', 'name', 'phone', 'before', 'sex', 'address', 'insurance', 'coverage', 'holder', 'subscriber', 'second', 'emergency', 'guarantor', 'reason', 'question', 'decide', 'sign'];
  assert.deepEqual(wanted.filter((step) => !said.has(step)), [], 'questions that were never asked');
  assert.match(said.get('phone').join(), /Enter a phone number/);
  assert.match(said.get('name').join(), /Enter a name/);
  assert.match(said.get('decide').join(), /agree or decline/);
}, { seconds: 180 });

journey('a half-typed answer survives its complaint, and a wrong one says how it should be', async (t) => {
  const kiosk = new Kiosk(await t.device('kiosk', TABLET), t.origin);
  await kiosk.enrol();
  await kiosk.begin();
  await kiosk.walk(someone(), { until: 'birth' });
  await kiosk.birth('dob', ['2', '31', '1984']);
  assert.match((await complains(kiosk, 'birth')).join(), /not in the calendar/);
  assert.equal(await kiosk.page.inputValue('#dob-day'), '31');
  await kiosk.birth('dob', ['2', '3', '2999']);
  assert.match((await complains(kiosk, 'birth')).join(), /in the past/);
  await kiosk.birth('dob', ['2', '3', '1984']);
  await kiosk.page.click('#continue');
  await kiosk.at('name');
  await kiosk.page.fill('#given-name', 'Ana');
  await kiosk.page.click('#continue');
  await kiosk.at('phone');
  await kiosk.page.fill('#phone', '555');
  await kiosk.choose('may-text', 'yes');
  assert.match((await complains(kiosk, 'phone')).join(), /10 digits/);
  assert.equal(await kiosk.page.inputValue('#phone'), '555');
  await kiosk.page.click('#lang-es');
  await eventually('the sentence in Spanish', async () => /10 dígitos/.test(await kiosk.page.locator('.problem').innerText()));
  assert.equal(await kiosk.page.inputValue('#phone'), '555');
  await kiosk.back();
  assert.equal(await kiosk.page.inputValue('#given-name'), 'Ana');
});

journey('a photo that was cut short, or shows nothing, is told in words; the person decides about a doubtful one', async (t) => {
  const kiosk = new Kiosk(await t.device('kiosk', TABLET), t.origin);
  await kiosk.enrol();
  const good = await cardPhoto(kiosk.page, 'CARD 1', 3);
  const flat = Buffer.from(
    await kiosk.page.evaluate(() => {
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [1280, 808];
      canvas.getContext('2d').fillRect(0, 0, 1280, 808);
      return canvas.toDataURL('image/jpeg').split(',')[1];
    }),
    'base64',
  );
  await kiosk.begin();
  await kiosk.walk(someone({ insurance: 'cards' }), { until: 'card' });
  const fault = kiosk.page.locator('.card-shot .fault');
  await kiosk.photo('front', good.subarray(0, good.length / 2));
  await fault.filter({ hasText: 'This photo cannot be read. Take it again.' }).waitFor();
  await kiosk.photo('front', flat);
  await fault.filter({ hasText: 'may be hard to read' }).waitFor();
  assert.equal(await kiosk.page.locator('#card-front-remove').count(), 0, 'a doubtful photo is not taken by itself');
  await kiosk.page.click('#card-front-anyway');
  await kiosk.page.locator('#card-front-remove').waitFor();
  assert.equal(await fault.count(), 0);
  await kiosk.page.click('#card-front-remove');
  await kiosk.photo('front', Buffer.from('this is no picture'), 'notes.txt');
  await fault.filter({ hasText: 'This photo cannot be read. Take it again.' }).waitFor();
  await kiosk.photo('front', good);
  await kiosk.page.locator('#card-front-remove').waitFor();
  assert.equal(await fault.count(), 0);
  await kiosk.next();
  await kiosk.at('coverage');
});

journey('when nobody is there the screen asks, and then forgets; the next visitor finds nothing', async (t) => {
  const kiosk = new Kiosk(await t.device('kiosk', TABLET), t.origin);
  await kiosk.enrol();
  const { page } = kiosk;
  await kiosk.begin();
  await kiosk.walk(someone({ given: 'Idle', family: 'Forgotten' }), { until: 'phone' });
  await page.fill('#phone', '555 013 7777');
  await page.evaluate(() => localStorage.setItem('anteroom.idle-seconds', '2'));
  await page.locator('#still[open]').waitFor();
  await page.click('#more-time');
  await page.locator('#still[open]').waitFor({ state: 'detached' });
  assert.equal(await page.inputValue('#phone'), '555 013 7777', 'answers after "I need more time"');
  await page.locator('#still[open]').waitFor();
  await page.waitForURL(/\/kiosk$/);
  await eventually('the welcome after nobody answered', async () => (await kiosk.step()) === 'welcome', { timeout: 40_000 });
  await page.evaluate(() => localStorage.removeItem('anteroom.idle-seconds'));
  await page.goBack({ timeout: 5000 }).catch(() => {});
  await page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: 3000 }).catch(() => {});
  assert.ok(!(await page.content()).includes('Forgotten'), 'Back shows the last visitor');
  await kiosk.open();
  await kiosk.begin();
  await kiosk.walk(someone(), { until: 'name' });
  assert.equal(await page.inputValue('#family-name'), '');
  assert.equal(await page.inputValue('#given-name'), '');
});

journey('a reload in the middle goes on where the patient was, photos included', async (t) => {
  const kiosk = new Kiosk(await t.device('kiosk', TABLET), t.origin);
  await kiosk.enrol();
  const front = await cardPhoto(kiosk.page, 'CARD 2', 5);
  await kiosk.begin();
  await kiosk.walk(someone({ insurance: 'cards', photos: { front } }), { until: 'coverage' });
  await kiosk.page.reload();
  await kiosk.ready();
  await kiosk.at('coverage');
  await kiosk.back();
  await kiosk.page.locator('#card-front-remove').waitFor();
});
