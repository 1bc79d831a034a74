// Referrals: recorded and corrected without a network by two desks, chosen while booking, counted, ended and taken back.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { OUT } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Calendar } from '../pages/calendar.mjs';
import { Desk } from '../pages/desk.mjs';

const SHOTS = join(OUT, 'shots');
mkdirSync(SHOTS, { recursive: true });

const RITA = { family: 'Referberg', given: 'Rita', birth: ['6', '4', '1979'], sex: 'female', phone: '414 555 0181' };

const line = (desk) => desk.card('referrals').locator('[data-referral]', { hasText: 'PA-7731' });

/** So many days after a day, such as 2026-11-30. */
function later(day, days) {
  const on = new Date(`${day}T12:00:00Z`);
  on.setUTCDate(on.getUTCDate() + days);
  return on.toISOString().slice(0, 10);
}

async function save(desk) {
  await desk.page.locator('#save-referral').press('Enter');
  await desk.page.locator('#save-referral').waitFor({ state: 'detached' });
}

journey('a referral is recorded and corrected by two desks without a server, and a booking knows what it still allows', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  const theo = new Desk(await t.device('theo'), t.origin);
  for (const [desk, login] of [[nora, 'nora.bell'], [theo, 'theo.price']]) {
    await desk.signIn(login);
    await desk.synced();
  }
  const { page } = nora;
  await nora.register(RITA);
  await page.click('#add-referral');
  await page.fill('#referral-npi', '1234567890');
  await page.fill('#referral-visits', 'a few');
  await page.locator('#save-referral').press('Enter');
  for (const field of ['number', 'name', 'npi', 'visits']) await page.locator(`#referral-${field}-fault`).waitFor();
  assert.deepEqual(await violations(page, 'a referral that is wrong'), []);
  const today = await page.inputValue('#referral-from');
  await page.fill('#referral-number', 'PA-7731');
  await page.fill('#referral-visits', '2');
  await page.fill('#referral-until', later(today, 100));
  await page.fill('#referral-name', 'Dr. Quill');
  await page.fill('#referral-npi', '1234567893');
  await page.locator('dialog[open] label.choice', { hasText: 'Follow-up' }).click();
  await nora.device.shot(join(SHOTS, 'desk-referral-new.png'));
  await save(nora);
  await line(nora).filter({ hasText: '2 of 2 visits left, until' }).waitFor();
  assert.match(await line(nora).innerText(), /Dr\. Quill \(NPI 1234567893\) · Follow-up/);
  await nora.state('sent', 60_000);
  await theo.openPatient('rita referberg');
  await line(theo).waitFor({ timeout: 60_000 });

  // Two desks that do not hear of each other: both are right.
  await t.server.kill();
  await line(nora).locator('[data-act="edit"]').click();
  await page.fill('#referral-visits', '3');
  await save(nora);
  await line(nora).filter({ hasText: '3 of 3 visits left' }).waitFor();
  await line(theo).locator('[data-act="edit"]').click();
  await theo.page.fill('#referral-note', 'Fax of Monday');
  await save(theo);
  await t.server.start();
  for (const desk of [nora, theo]) {
    await desk.state('sent', 60_000);
    await line(desk).filter({ hasText: '3 of 3 visits left' }).filter({ hasText: 'Fax of Monday' }).waitFor({ timeout: 60_000 });
  }
  assert.deepEqual(await violations(page, 'referrals'), []);
  await nora.device.shot(join(SHOTS, 'desk-referrals.png'));

  // Booking chooses it, and is told what it does not allow.
  await page.click('#book-for');
  await page.locator('#book-form').waitFor();
  const calendar = new Calendar(nora);
  const day = await calendar.weekday(49);
  const choose = async (desk, kind) => {
    await desk.page.selectOption('#book-site', { label: 'Harbor Point' });
    await desk.page.selectOption('#book-kind', { label: kind });
    await desk.page.selectOption('#book-with', { label: 'Lucía Ferrer' });
    await desk.page.fill('#book-on', day);
    await desk.page.fill('#book-time', '11:00');
  };
  await choose(nora, 'Follow-up, 15 min');
  await page.locator('#book-referral-of').waitFor();
  assert.match(await page.locator('#book-referral-of').innerText(), /PA-7731: 3 of 3 visits left, until/);
  await page.selectOption('#book-referral-of', 'PA-7731');
  await eventually('its number', async () => (await page.inputValue('#book-referral')) === 'PA-7731');
  const found = page.locator('#book-form .findings');
  await page.selectOption('#book-kind', { label: 'Sick visit, 30 min' });
  await found.filter({ hasText: 'not for this kind of visit' }).waitFor();
  await page.selectOption('#book-kind', { label: 'Follow-up, 15 min' });
  await page.fill('#book-on', await calendar.weekday(120));
  await found.filter({ hasText: 'not valid on that day' }).waitFor();
  await page.fill('#book-on', day);
  await page.selectOption('#book-repeat', { label: 'Every week' });
  await page.fill('#book-times', '4');
  await found.filter({ hasText: 'no visits left' }).waitFor();
  await page.locator('#book-save').press('Enter');
  await page.locator('#book-why-fault').waitFor();
  assert.deepEqual(await violations(page, 'booking on a referral'), []);
  await nora.device.shot(join(SHOTS, 'desk-referral-booking.png'));
  await page.selectOption('#book-repeat', { label: 'Once' });
  await eventually('nothing against one visit', async () => !/no visits left/.test(await found.innerText()));
  await t.server.kill();
  await page.locator('#book-save').press('Enter');
  await page.locator('#book-form').waitFor({ state: 'detached' });
  const panel = page.locator('.side .visit-panel');
  await panel.filter({ hasText: 'PA-7731: 2 of 3 visits left' }).waitFor();
  await t.server.start();
  await nora.state('sent', 60_000);
  await line(theo).filter({ hasText: '2 of 3 visits left' }).waitFor({ timeout: 60_000 });

  // Ended, and that taken back; ended, and no longer offered.
  const end = () => line(theo).locator('[data-act="end"]').press('Enter');
  await end();
  await theo.card('referrals').locator('details summary', { hasText: '1 past' }).waitFor();
  await theo.page.locator('.toast button', { hasText: 'Undo' }).press('Enter');
  await line(theo).locator('[data-act="end"]').waitFor();
  await theo.card('referrals').locator('details').waitFor({ state: 'detached' });
  await end();
  await theo.state('sent', 60_000);
  await theo.page.click('#book-for');
  await theo.page.locator('#book-form').waitFor();
  await theo.page.locator('#book-form .expected [aria-pressed="true"]', { hasText: 'Rita' }).waitFor();
  assert.equal(await theo.page.locator('#book-referral-of').count(), 0);
  // A number may still be typed where the visit needs one.
  await choose(theo, 'Ultrasound, 30 min');
  await theo.page.locator('#book-referral').waitFor();
  await theo.page.fill('#book-referral', 'pa 7731');
  await theo.page.locator('#book-form .findings').filter({ hasText: 'not valid on that day' }).waitFor();
}, { seconds: 300 });
