// Recalls: asked for in a record, told without a network, taken back, written to, met by a booking; the doctor sees the list on the
// phone.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { OUT } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Calendar } from '../pages/calendar.mjs';
import { Desk } from '../pages/desk.mjs';
import { PHONE, Phone } from '../pages/phone.mjs';

const SHOTS = join(OUT, 'shots');
mkdirSync(SHOTS, { recursive: true });

const RUTH = { family: 'Recallova', given: 'Ruth', birth: ['7', '2', '1971'], sex: 'female', phone: '414 555 0166' };

const line = (desk) => desk.page.locator('.notice[data-recall]', { hasText: 'Ferritin again' });
const show = (desk, label) => desk.page.selectOption('#recalls-show', { label });

journey('a recall is asked for in a record, told and closed without a server, and met by a booking', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell', '/recalls');
  await nora.state('sent', 60_000);
  // The demo's own: some are late, and somebody was told.
  await nora.page.locator('.notice[data-recall]').first().waitFor({ timeout: 60_000 });
  assert.match(await nora.page.locator('.page-head .sub').innerText(), /on the list, \d+ overdue/);
  assert.deepEqual(await violations(nora.page, 'recalls'), []);
  await nora.device.shot(join(SHOTS, 'desk-recalls.png'));

  await nora.register(RUTH);
  await nora.page.click('#add-recall');
  await nora.page.click('#recall-save');
  await nora.page.locator('#recall-due-fault').waitFor();
  await nora.page.locator('[data-in="6 weeks"]').press('Enter');
  await nora.page.locator('[data-in="6 weeks"][aria-pressed="true"]').waitFor();
  await nora.page.fill('#recall-why', 'Ferritin again');
  await nora.page.selectOption('#recall-kind', { label: 'Follow-up' });
  assert.deepEqual(await violations(nora.page, 'a new recall'), []);
  await nora.device.shot(join(SHOTS, 'desk-recall-new.png'));
  await nora.page.locator('#recall-save').press('Enter');
  await nora.card('recalls').locator('[data-recall]', { hasText: 'Ferritin again' }).waitFor();
  await nora.state('sent', 60_000);

  // In six weeks nothing is due yet.
  await nora.go('/recalls');
  await nora.page.locator('#recalls-show').waitFor();
  await nora.page.locator('.notice[data-recall]').first().waitFor();
  await eventually('the record to be left', async () => (await line(nora).count()) === 0);
  await show(nora, 'Later');
  await line(nora).waitFor();
  assert.match(await line(nora).innerText(), /Not told yet/);

  await t.server.kill();
  await line(nora).locator('[data-act="told"]').press('Enter');
  await nora.page.locator('#told-note').fill('Calls back on Friday');
  await nora.device.shot(join(SHOTS, 'desk-recall-told.png'));
  assert.deepEqual(await violations(nora.page, 'telling'), []);
  await nora.page.locator('#told-save').press('Enter');
  await line(nora).locator('[data-told="1"]', { hasText: 'Calls back on Friday' }).waitFor();
  await line(nora).locator('[data-act="close"]').press('Enter');
  await nora.page.locator('dialog[open] [data-reason="declined"]').press('Enter');
  await line(nora).waitFor({ state: 'detached' });
  await nora.page.locator('.toast button', { hasText: 'Undo' }).press('Enter');
  await line(nora).waitFor();
  await t.server.start();
  await nora.state('sent', 60_000);
  assert.match(await line(nora).innerText(), /Calls back on Friday/);

  // Booking knows whom and for what.
  const way = await line(nora).locator('[data-act="book"]').getAttribute('href');
  assert.match(way, /[?&]site=[0-9a-f-]{36}&/, 'where they are to come');
  await line(nora).locator('[data-act="book"]').click();
  await nora.page.locator('#book-form .expected [aria-pressed="true"]', { hasText: 'Ruth' }).waitFor();
  assert.equal(await nora.page.locator('#book-kind option:checked').innerText(), 'Follow-up, 15 min');
  const calendar = new Calendar(nora);
  await nora.page.selectOption('#book-with', { index: 1 });
  await nora.page.fill('#book-on', await calendar.weekday(28));
  await nora.page.fill('#book-time', '10:15');
  await nora.page.locator('#book-save').press('Enter');
  await nora.page.locator('#book-form').waitFor({ state: 'detached' });
  await nora.go('/recalls');
  await show(nora, 'Booked');
  await line(nora).waitFor();
  assert.match(await line(nora).innerText(), /Booked for/);
  await nora.state('sent', 60_000);

  const samuel = new Phone(await t.device('samuel', { viewport: PHONE }), t.origin);
  await samuel.signIn('samuel.okafor', '/today');
  await samuel.state('sent', 60_000);
  await samuel.page.click('#recalls');
  await samuel.page.locator('h1', { hasText: 'Recalls' }).waitFor();
  await samuel.page.locator('.notice[data-recall]').first().waitFor({ timeout: 60_000 });
  assert.deepEqual(await violations(samuel.page, 'recalls on a phone'), []);
  await samuel.device.shot(join(SHOTS, 'phone-recalls.png'));
}, { seconds: 240 });

journey('those who are to come again are written to, one or all, and what was noted of it is taken back', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell', '/recalls');
  await nora.state('sent', 60_000);
  const { page } = nora;
  // Paper is looked at where it would be printed.
  await page.evaluate(() => {
    window.papers = [];
    window.print = () => window.papers.push([...document.querySelectorAll('.window-letter')].map((one) => one.innerText || one.textContent));
  });
  const papers = () => page.evaluate(() => window.papers);
  const first = page.locator('.notice[data-recall]').first();
  await first.waitFor({ timeout: 60_000 });
  const id = await first.getAttribute('data-recall');
  const one = page.locator(`.notice[data-recall="${id}"]`);
  const told = async () => Number(await one.locator('[data-told]').getAttribute('data-told'));
  const [why, before] = [await one.locator('.what p').nth(1).innerText(), await told()];

  await one.locator('[data-act="letter"]').press('Enter');
  await eventually('the letter to be noted', async () => (await told()) === before + 1);
  const [[letter]] = await papers();
  assert.match(letter, /next visit|próxima visita/);
  assert.ok(!letter.includes(why), 'why they are to come is not in it');
  assert.match(await one.innerText(), /Letter, /);
  assert.equal(await page.locator('.window-letter').count(), 0, 'gone once it is printed');
  await page.locator('.toast button', { hasText: 'Undo' }).press('Enter');
  await eventually('it to be taken back', async () => (await told()) === before);

  await page.click('#letters');
  await page.locator('#print-letters').waitFor();
  assert.deepEqual(await violations(page, 'letters'), []);
  await nora.device.shot(join(SHOTS, 'desk-recall-letters.png'));
  const ready = await page.locator('[data-letter]').count();
  assert.ok(ready > 1, `${ready} can be written to`);
  await page.locator('[data-letter]').first().uncheck();
  await page.locator('#print-letters').press('Enter');
  await eventually('the others', async () => (await papers()).length === 2);
  assert.equal((await papers())[1].length, ready - 1);
  await page.locator('.toast', { hasText: 'Noted' }).waitFor();
  // Who was written to is left out for a while.
  await page.click('#letters');
  await eventually('the one that was left out', async () => (await page.locator('[data-letter]').count()) === 1);
  await page.keyboard.press('Escape');
  await nora.state('sent', 60_000);

  // As it is on paper: nothing beside it, and the address where the window is.
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => {
    window.print = () => {
      const [sheet, to] = ['.window-letter', '.window-letter .to'].map((one) => document.querySelector(one).getBoundingClientRect());
      const beside = ['.rail', '.page-head', '.notice'].filter((other) => document.querySelector(other)?.checkVisibility());
      window.paper = { top: sheet.top, down: to.top - sheet.top, beside };
    };
  });
  await one.locator('[data-act="letter"]').evaluate((button) => button.click());
  await eventually('the paper', () => page.evaluate(() => Boolean(window.paper)));
  const paper = await page.evaluate(() => window.paper);
  assert.deepEqual(paper.beside, []);
  assert.ok(Math.abs(paper.top) < 2, `it begins ${paper.top} px below the margin`);
  assert.ok(Math.abs(paper.down - (48 / 25.4) * 96) < 2, `the address is ${paper.down} px down`);
  await page.emulateMedia({ media: null });
  await nora.state('sent', 60_000);
}, { seconds: 180 });

journey('a patient says by which way they want to be told, and a rule speaks of forms', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell', '/desk');
  await nora.state('sent', 60_000);
  await nora.register({ ...RUTH, family: 'Tellingham', given: 'Agnes', birth: ['8', '3', '1972'], phone: '414 555 0167' });
  await nora.page.click('#edit-contact');
  await nora.page.selectOption('#preferred-channel', { label: 'Phone call' });
  assert.deepEqual(await violations(nora.page, 'contact'), []);
  await nora.page.click('#save-contact');
  await nora.page.locator('#edit-contact').waitFor();
  assert.match(await nora.card('contact').innerText(), /Told by\s+Phone call/);
  await nora.state('sent', 60_000);

  await nora.go('/reminders');
  await nora.page.locator('.page-head .seg label', { hasText: 'Rules' }).click();
  await nora.page.click('#add-rule');
  await nora.page.fill('#rule-name', 'Forms three days before');
  await nora.page.selectOption('#rule-kind', { label: 'Forms still to be filled in' });
  await nora.page.locator('#rule-preview', { hasText: 'there are forms to fill in' }).waitFor();
  await nora.page.fill('#rule-count', '3');
  await nora.page.selectOption('#rule-unit', { label: 'days' });
  // Nothing goes out of a journey that has no mail server.
  await nora.page.locator('#rule-active').uncheck();
  assert.deepEqual(await violations(nora.page, 'a rule of forms'), []);
  await nora.page.click('#save-rule');
  await nora.page.locator('#save-rule').waitFor({ state: 'detached' });
  const row = nora.page.locator('tr[data-rule]', { hasText: 'Forms three days before' });
  await row.waitFor();
  assert.match(await row.innerText(), /3 days before, while forms are missing/);
  await nora.state('sent', 60_000);
}, { seconds: 180 });
