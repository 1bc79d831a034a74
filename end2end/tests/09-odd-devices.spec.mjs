// A clock that is wrong, a disk that is full, a disk that is stolen, a page that does not arrive.
import { strict as assert } from 'node:assert';
import { journey } from '../lib/journey.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';
import { Kiosk, cardPhoto, someone } from '../pages/kiosk.mjs';

const TABLET = { viewport: { width: 1024, height: 768 } };

/** A clock that is wrong by this many milliseconds. */
const shifted = (by) => ({
  content: `{
    const Real = Date;
    globalThis.Date = class extends Real {
      constructor(...parts) { parts.length ? super(...parts) : super(Real.now() + ${by}); }
      static now() { return Real.now() + ${by}; }
    };
  }`,
});

/** A disk that is full while `noRoom` is set: the browser refuses each write with the error that it has for that. Chromium's
 *  own switch for it (Storage.overrideQuotaForOrigin) no longer reaches IndexedDB. */
const noRoom = () => {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (...what) {
    if (globalThis.noRoom) throw new DOMException('no room', 'QuotaExceededError');
    return put.apply(this, what);
  };
};

/** A network that loses one file, the records', while `noRecords` is set. The app itself is here. */
const noRecords = () => {
  const real = globalThis.fetch;
  globalThis.noRecords = true;
  globalThis.fetch = (what, ...rest) =>
    globalThis.noRecords && String(what).includes('split_records') ? Promise.reject(new TypeError('Failed to fetch')) : real(what, ...rest);
};

for (const [words, years] of [['a year behind', -1], ['a year ahead', 1]]) {
  journey(`a kiosk whose clock is ${words} still delivers, and the desk accepts`, async (t) => {
    const kiosk = new Kiosk(await t.device('kiosk', { ...TABLET, init: shifted(years * 365 * 86_400_000) }), t.origin);
    await kiosk.enrol();
    const year = await kiosk.page.evaluate(() => new Date().getFullYear());
    assert.equal(year, new Date(Date.now() + years * 365 * 86_400_000).getFullYear(), 'the clock is not wrong');
    const name = years < 0 ? 'Tardy Clockson' : 'Early Clockson';
    const [given, family] = name.split(' ');
    await kiosk.submit(someone({ given, family }));
    await eventually('"sent to clinic"', async () => /Sent to clinic/.test(await kiosk.words()));
    const desk = new Desk(await t.device('desk'), t.origin);
    await desk.signIn('nora.bell');
    await desk.synced();
    await desk.fullNames();
    await desk.intakeOf(name);
    await desk.acceptAsNew(await desk.review(name));
    await desk.state('sent');
    await eventually('the new record', async () => (await desk.finds(name)).length === 1, { every: 400 });
  });
}

journey('a full tablet says so, keeps the answers, and claims nothing; with room again it saves', async (t) => {
  const kiosk = new Kiosk(await t.device('kiosk', { ...TABLET, init: noRoom }), t.origin);
  await kiosk.enrol();
  const { page } = kiosk;
  await kiosk.begin();
  const front = await cardPhoto(page, 'FULL DISK', 8);
  await kiosk.walk(someone({ given: 'Full', family: 'Diskson', insurance: 'cards', photos: { front } }));
  await t.server.kill();
  for (let pages = 0; pages < 12 && !/Send/.test(await page.locator('#continue').innerText()); pages += 1) await kiosk.next();
  await page.evaluate(() => { globalThis.noRoom = true; });
  await page.click('#continue');
  await page.locator('.problem').waitFor();
  assert.match(await page.locator('.problem').innerText(), /This tablet is full\. Your answers are still here\./);
  assert.equal(await kiosk.step(), 'review');
  assert.equal(await page.locator('#state-words').count(), 0, 'it claims to have saved');
  await page.evaluate(() => { globalThis.noRoom = false; });
  await page.click('#continue');
  await kiosk.at('done');
  await eventually('"saved on this tablet"', async () => /Saved on this tablet/.test(await kiosk.words()));
  await kiosk.finish();
  await kiosk.staffPage();
  assert.equal(await kiosk.saved(), 1);
  await t.server.start();
  await eventually('an empty outbox', async () => (await kiosk.saved()) === 0, { timeout: 40_000 });
});

journey('a page that cannot be downloaded says so, stops nothing else, and opens on the next try', async (t) => {
  const desk = new Desk(await t.device('desk', { init: noRecords }), t.origin);
  await desk.signIn('nora.bell');
  await desk.synced();
  const { page } = desk;
  await page.locator('#new-patient').first().click();
  await page.locator('.apart').waitFor();
  assert.match(await page.locator('.apart').innerText(), /could not be loaded. Nothing is lost/);
  await page.getByRole('button', { name: 'Try again' }).press('Enter');
  await page.locator('.apart').waitFor();
  await desk.go('/outbox');
  await page.locator('.page-head').waitFor();
  await desk.go('/desk');
  await page.locator('#new-patient').first().click();
  await page.locator('.apart').waitFor();
  await page.evaluate(() => { globalThis.noRecords = false; });
  await page.getByRole('button', { name: 'Try again' }).press('Enter');
  await page.locator('#family-name').waitFor();
  assert.equal(await page.locator('.apart').count(), 0);
});

journey('a stolen disk tells nobody’s name: neither the kiosk’s nor the desk’s', async (t) => {
  const word = 'Zyxcanary';
  const words = [word, 'Qvxcanary', 'canary-reason-kwz'];
  const tablet = await t.device('kiosk', TABLET);
  const kiosk = new Kiosk(tablet, t.origin);
  await kiosk.enrol();
  await kiosk.submit(someone({ given: words[1], family: word, reason: words[2] }));
  await eventually('"sent to clinic"', async () => /Sent to clinic/.test(await kiosk.words()));
  await kiosk.finish();
  // One that is still waiting, and one that is half done.
  await t.server.kill();
  await kiosk.submit(someone({ given: words[1], family: word, reason: words[2] }));
  await kiosk.finish();
  await kiosk.begin();
  await kiosk.walk(someone({ given: words[1], family: word }), { until: 'before' });
  await t.server.start();
  await kiosk.page.reload();
  await kiosk.ready();

  const desk = new Desk(await t.device('desk'), t.origin);
  await desk.signIn('nora.bell');
  await desk.synced();
  await desk.fullNames();
  await eventually('the submissions', async () => (await desk.intakes(word).count()) === 2, { timeout: 60_000 });
  const id = await desk.intakes(word).first().getAttribute('data-intake');
  await desk.page.locator(`a[data-intake="${id}"]`).click();
  await desk.page.locator('h2.name', { hasText: word }).waitFor();
  await desk.acceptAsNew(id);
  await desk.state('sent');
  assert.match(await desk.openPatient(word), new RegExp(word));
  await desk.register({ family: word, given: 'Second', birth: ['1', '2', '1990'], sex: 'male', phone: '' });
  await desk.state('sent');
  await tablet.close();
  await desk.device.close();
  assert.deepEqual(tablet.filesWith(words), [], 'the kiosk’s disk');
  assert.deepEqual(desk.device.filesWith(words), [], 'the desk’s disk');
}, { seconds: 180 });
