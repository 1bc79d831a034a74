// A patient by themselves, on their own telephone: never here before, let in by a code, books, moves and calls off; the
// desk sees each at once.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { mailOf } from '../lib/mail.mjs';
import { OUT } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';

const SHOTS = join(OUT, 'shots');
mkdirSync(SHOTS, { recursive: true });

/** The code in the newest mail, once there are so many. */
async function code(smtp, mails) {
  await eventually('a code by mail', () => smtp.mails.length >= mails, { timeout: 30_000 });
  return smtp.mails.at(-1).match(/\b(\d{6})\b/)[1];
}

async function look(device, name, title) {
  await device.page.locator('h1', { hasText: title }).waitFor();
  assert.deepEqual(await violations(device.page, name), []);
  await device.shot(join(SHOTS, `${name}.png`));
}

journey('somebody new books, moves and calls off a visit on their own telephone, and the desk sees it', async (t) => {
  const smtp = await mailOf(t);
  const rosa = await t.device('rosa', { viewport: { width: 390, height: 844 } });
  const page = rosa.page;
  await page.goto(`${t.origin}/me`);
  await look(rosa, 'self-who-phone', 'Your visits');
  // What is wrong is said, and nothing that was typed is lost.
  await page.fill('#month', '2');
  await page.fill('#day', '30');
  await page.fill('#year', '1990');
  await page.fill('#contact', 'rosa@');
  await page.click('button.primary');
  await page.locator('.wrong', { hasText: 'date of birth' }).waitFor();
  assert.equal(await page.inputValue('#contact'), 'rosa@');
  await look(rosa, 'self-who-wrong-phone', 'Your visits');

  await page.click('text=I have not been here before');
  await look(rosa, 'self-new-phone', 'Your first visit');
  await page.fill('#given_name', 'Rosa');
  await page.fill('#family_name', 'Ibarra');
  await page.fill('#month', '2');
  await page.fill('#day', '3');
  await page.fill('#year', '1990');
  await page.fill('#contact', 'rosa@example.org');
  // With the keyboard alone from here to the code.
  await page.keyboard.press('Enter');
  await look(rosa, 'self-code-phone', 'Enter your code');
  await page.fill('#code', '000');
  await page.keyboard.press('Enter');
  await page.locator('.wrong', { hasText: 'Tries left: 4' }).waitFor();
  await page.check('input[name="keep"]');
  await page.fill('#code', await code(smtp, 1));
  await page.keyboard.press('Enter');
  await look(rosa, 'self-visits-none-phone', 'Your visits');
  // The half hour is over; on a device of her own she is in again.
  await page.context().clearCookies({ name: 'anteroom_patient' });
  await page.goto(`${t.origin}/me`);
  await page.locator('p', { hasText: 'stays signed in' }).waitFor();

  await page.click('text=Book a visit');
  await look(rosa, 'self-book-phone', 'Book a visit');
  await page.selectOption('#kind', { index: 0 });
  await page.click('text=Show open times');
  await page.locator('.times button').first().waitFor();
  await look(rosa, 'self-times-phone', 'Book a visit');
  const taps = await page.locator('.times button').count();
  assert.ok(taps > 3, 'there are open times');
  await page.locator('.times button').nth(2).click();
  await look(rosa, 'self-check-phone', 'Is this right?');
  await page.fill('#reason', 'A cough');
  await page.click('text=Book this visit');
  await page.locator('.said', { hasText: 'booked' }).waitFor();
  await look(rosa, 'self-booked-phone', 'Your visits');
  const id = await page.locator('[data-appointment]').getAttribute('data-appointment');

  // The desk finds her, and what she said.
  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell', '/patients');
  await nora.state('sent', 60_000);
  await nora.page.locator('input[type="search"]').first().fill('Ibarra');
  await nora.page.locator('a', { hasText: 'Ibarra' }).first().click();
  const visits = nora.card('visits');
  await visits.locator('[data-appointment]', { hasText: 'Booked' }).waitFor({ timeout: 30_000 });
  assert.match(await nora.card('contact').innerText(), /rosa@example\.org/);
  await nora.device.shot(join(SHOTS, 'desk-self-service.png'));

  const before = await page.locator('[data-appointment] b').first().innerText();
  await page.click('text=Another time');
  await page.click('text=Show open times');
  await page.locator('.times button').nth(4).click();
  await page.click('text=Move my visit here');
  await page.locator('.said', { hasText: 'new time' }).waitFor();
  assert.notEqual(await page.locator('[data-appointment] b').first().innerText(), before);
  assert.equal(await page.locator('[data-appointment]').getAttribute('data-appointment'), id, 'the same visit');
  await page.click('text=I will come');
  await page.locator('[data-appointment]', { hasText: 'Confirmed' }).waitFor();
  await page.click('[data-appointment] >> text=Cancel');
  await look(rosa, 'self-sure-phone', 'Your visits');
  await page.click('text=Yes, cancel it');
  await page.locator('.said', { hasText: 'cancelled' }).waitFor();
  assert.equal(await page.locator('[data-appointment]').count(), 0);
  await visits.locator('[data-appointment]', { hasText: /Cancelled|Called off/ }).waitFor({ timeout: 30_000 });

  // How she wants to be told: by what is in her record.
  await page.click('text=How we reach you');
  await look(rosa, 'self-reach-phone', 'How shall we reach you?');
  assert.equal(await page.locator('input[name="way"]').count(), 2, 'a mail address, or whatever is best');
  await page.check('input[name="way"][value="email"]');
  await page.click('text=Save');
  await page.locator('.said', { hasText: 'that is noted' }).waitFor();
  await eventually('the desk to see it', async () => /Told by\s+Email/.test(await nora.card('contact').innerText()), { timeout: 30_000 });

  // Signed out, nothing is to be seen; in Spanish it reads Spanish.
  await page.click('text=Sign out');
  await page.locator('#contact').waitFor();
  await page.goto(`${t.origin}/me`);
  await page.click('text=Español');
  await look(rosa, 'self-who-es-phone', 'Sus citas');
  await page.setViewportSize({ width: 1280, height: 800 });
  await look(rosa, 'self-who-desk', 'Sus citas');

  // The sheet for the wall has a picture that a camera reads, and says the address beside it.
  const own = new URL(page.url()).pathname.split('?')[0];
  await page.goto(`${t.origin}${own}/poster`);
  await eventually('the code', () => page.locator('.poster img').evaluate((image) => image.complete && image.naturalWidth > 0));
  await page.locator('.soft', { hasText: own }).waitFor();
  await look(rosa, 'self-poster-desk', 'Check in with your phone');
  await page.setViewportSize({ width: 390, height: 844 });
  await look(rosa, 'self-poster-phone', 'Check in with your phone');
}, { seconds: 240 });
