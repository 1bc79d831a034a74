// On what terms someone is booked: set without a network, said while booking, and let through with a reason that is kept.
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

const row = (desk, name) => desk.page.locator('tr[data-terms]', { hasText: name });

async function terms(desk) {
  await desk.go('/hours');
  await desk.page.locator('.hours-head label', { hasText: 'Terms' }).click();
  await row(desk, 'Marcus Bright').waitFor();
}

async function change(desk, name) {
  await row(desk, name).locator('button').click();
  await desk.page.locator('dialog[open] #terms-new').waitFor();
}

async function save(desk) {
  await desk.page.locator('#terms-save').press('Enter');
  await desk.page.locator('#terms-new').waitFor({ state: 'detached' });
}

/** The Saturday on or after a day. */
function saturday(day) {
  const on = new Date(`${day}T12:00:00Z`);
  while (on.getUTCDay() !== 6) on.setUTCDate(on.getUTCDate() + 1);
  return on.toISOString().slice(0, 10);
}

journey('the owner says on what terms someone is booked, the desk is told while booking, and a reason lets it through', async (t) => {
  const olive = new Desk(await t.device('olive'), t.origin);
  await olive.signIn('olive.hart');
  await olive.synced();
  await terms(olive);
  const { page } = olive;
  assert.match(await row(olive, 'Priya Raman').innerText(), /Samuel Okafor or Hannah Weiss|Hannah Weiss or Samuel Okafor/);
  const ferrer = await row(olive, 'Lucía Ferrer').innerText();
  assert.match(ferrer, /Lakeshore Health/);
  assert.doesNotMatch(ferrer, /BadgerCare/);
  assert.deepEqual(await violations(page, 'terms'), []);
  await olive.device.shot(join(SHOTS, 'desk-terms.png'));

  // What is wrong with a payer is said at its line, and nothing is lost.
  await change(olive, 'Marcus Bright');
  const before = await page.locator('.payer-line').count();
  await page.click('#terms-add');
  const line = page.locator('.payer-line').last();
  await line.locator('input[type="date"]').nth(1).fill('2020-01-01');
  await page.click('#terms-save');
  await page.locator('dialog[open] .problem').waitFor();
  assert.deepEqual(
    (await line.locator('.fault').allInnerTexts()).map((words) => words.trim()),
    ['Enter the payer, as on its cards', 'Enter a last day that is not before the first, or none'],
  );
  assert.deepEqual(await violations(page, 'terms that are wrong'), []);
  await olive.device.shot(join(SHOTS, 'desk-terms-wrong.png'));
  await page.setViewportSize({ width: 1024, height: 768 });
  await olive.device.shot(join(SHOTS, 'desk-terms-tablet.png'));
  assert.deepEqual(await violations(page, 'terms, tablet'), []);
  // Narrower than a phone and back: what was typed is still there.
  await line.locator('input').first().fill('Granite Life');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('.p-tabs').waitFor();
  assert.equal(await line.locator('input').first().inputValue(), 'Granite Life');
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.locator('.rail').waitFor();
  await line.locator('select').selectOption({ label: 'Harbor Point' });
  await line.locator('input[type="date"]').nth(1).fill('');
  await page.locator('#terms-new').uncheck();
  await t.server.kill();
  await save(olive);
  await row(olive, 'Marcus Bright').filter({ hasText: 'Granite Life' }).waitFor();
  assert.match(await row(olive, 'Marcus Bright').innerText(), /\bNo\b/);
  assert.match(await olive.badge(), /saved on this computer/);
  await t.server.start();
  await olive.state('sent', 60_000);
  await change(olive, 'Marcus Bright');
  assert.equal(await page.locator('.payer-line').count(), before + 1);
  // What was entered by mistake is taken out; what ends keeps its last day.
  await page.locator('.payer-line').last().getByRole('button', { name: 'Remove this payer' }).click();
  assert.equal(await page.locator('.payer-line').count(), before);
  await save(olive);
  await olive.state('sent', 60_000);
  await row(olive, 'Marcus Bright').filter({ hasText: 'Granite Life' }).waitFor({ state: 'detached' });

  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell');
  await nora.synced();
  await nora.register({ given: 'Quiana', family: 'Bexley', birth: ['3', '9', '1984'], sex: 'female', phone: '414 555 0188' });
  await nora.page.click('#add-coverage');
  await nora.page.fill('#payer', 'Badgercare  plus');
  await nora.page.fill('#member-id', 'BCP 4471');
  await nora.page.click('#save-coverage');
  await nora.page.locator('#save-coverage').waitFor({ state: 'detached' });
  await nora.state('sent', 60_000);

  // Without a server: what speaks against it is known on the computer.
  await nora.page.click('#book-for');
  await nora.page.locator('#book-form').waitFor();
  const calendar = new Calendar(nora);
  const day = await calendar.weekday(21);
  await t.server.kill();
  const choose = async (site, who, on) => {
    await nora.page.selectOption('#book-site', { label: site });
    await nora.page.selectOption('#book-kind', { label: 'Follow-up, 15 min' });
    await nora.page.selectOption('#book-with', { label: who });
    await nora.page.fill('#book-on', on);
    await nora.page.fill('#book-time', '10:00');
  };
  const found = nora.page.locator('#book-form .findings');
  await choose('Harbor Point', 'Marcus Bright', day);
  await found.filter({ hasText: 'takes no new patients' }).waitFor();
  await choose('Maple Street', 'Priya Raman', saturday(day));
  await found.filter({ hasText: 'Nobody who supervises' }).waitFor();
  assert.doesNotMatch(await found.innerText(), /no new patients/);
  await choose('Harbor Point', 'Lucía Ferrer', day);
  await found.filter({ hasText: 'not enrolled' }).waitFor();
  assert.doesNotMatch(await found.innerText(), /supervises/);
  await nora.page.selectOption('#book-scenario', { label: 'Pays themselves' });
  await eventually('nothing against who pays themselves', async () => !/enrolled/.test(await found.innerText()));
  await nora.page.selectOption('#book-scenario', { label: 'Insurance' });
  await found.filter({ hasText: 'not enrolled' }).waitFor();
  await nora.page.locator('#book-save').press('Enter');
  await nora.page.locator('#book-why-fault').waitFor();
  assert.deepEqual(await violations(nora.page, 'booking against the terms'), []);
  await nora.device.shot(join(SHOTS, 'desk-terms-booking.png'));
  await nora.page.fill('#book-why', 'The contract is signed');
  await nora.page.locator('#book-save').press('Enter');
  await nora.page.locator('#book-form').waitFor({ state: 'detached' });
  await t.server.start();
  await nora.state('sent', 60_000);
  const panel = nora.page.locator('.side .visit-panel');
  await panel.locator('dd', { hasText: 'Booked' }).first().waitFor({ timeout: 30_000 });
  assert.match(await panel.innerText(), /not enrolled there with the patient's insurance/);
  assert.match(await panel.locator('.history').innerText(), /Booked: The contract is signed/);
  await nora.device.shot(join(SHOTS, 'desk-terms-booked.png'));

  // On a telephone; and as it was before.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForTimeout(300);
  await row(olive, 'Marcus Bright').waitFor();
  assert.deepEqual(await violations(page, 'terms, phone'), []);
  await olive.device.shot(join(SHOTS, 'phone-terms.png'));
  await change(olive, 'Marcus Bright');
  assert.deepEqual(await violations(page, 'terms of one, phone'), []);
  await olive.device.shot(join(SHOTS, 'phone-terms-form.png'));
  await page.locator('#terms-new').check();
  await save(olive);
  await eventually('he takes new patients again', async () => /\bYes\b/.test(await row(olive, 'Marcus Bright').innerText()));
  await olive.state('sent', 60_000);
}, { seconds: 300 });
