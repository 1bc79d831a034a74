// No mouse, no finger.
import { strict as assert } from 'node:assert';
import { journey } from '../lib/journey.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';
import { Kiosk } from '../pages/kiosk.mjs';

/** Presses Tab until an element has the focus. */
async function tabTo(page, selector, { most = 60, key = 'Tab' } = {}) {
  for (let presses = 0; presses < most; presses += 1) {
    if (await page.evaluate((selector) => document.activeElement?.matches(selector), selector)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`Tab never reaches ${selector}`);
}

journey('the first questions of an intake by keyboard alone', async (t) => {
  const kiosk = new Kiosk(await t.device('kiosk', { viewport: { width: 1024, height: 768 } }), t.origin);
  await kiosk.enrol();
  const { page } = kiosk;
  const { keyboard } = page;
  const focused = (id) => eventually(`the focus on #${id}`, () => page.evaluate((id) => document.activeElement?.id === id, id), { timeout: 5000 });
  const on = async (step) => {
    await kiosk.at(step);
    await focused('question-title');
  };
  await tabTo(page, '#start');
  await keyboard.press('Enter');
  await on('language');
  await tabTo(page, 'input[name=language]');
  await keyboard.press('ArrowDown');
  await page.locator('html[lang="es"]').waitFor({ state: 'attached' });
  await keyboard.press('ArrowUp');
  await page.locator('html[lang="en"]').waitFor({ state: 'attached' });
  await keyboard.press('Enter');
  await on('who');
  await tabTo(page, 'input[name=who]');
  await keyboard.press('Space');
  await keyboard.press('Enter');
  await on('birth');
  await tabTo(page, '#dob-month');
  await keyboard.press('M');
  await tabTo(page, '#dob-day');
  await keyboard.type('9');
  await tabTo(page, '#dob-year');
  await keyboard.type('1984');
  await keyboard.press('Enter');
  await on('name');
  await tabTo(page, '#given-name');
  await keyboard.type('Kay');
  await tabTo(page, '#family-name');
  await keyboard.type('Board');
  await tabTo(page, '#continue');
  await keyboard.press('Enter');
  await on('phone');
  await keyboard.press('Enter');
  assert.equal(await kiosk.step(), 'phone');
  await tabTo(page, '#phone');
  await keyboard.type('5550134471');
  await tabTo(page, 'input[name=may-text]');
  await keyboard.press('Space');
  await keyboard.press('Enter');
  await on('before');
  await tabTo(page, '#help');
  await keyboard.press('Enter');
  await page.locator('dialog[open]').waitFor();
  await keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await focused('help');
  await tabTo(page, '#back');
  await keyboard.press('Enter');
  await on('phone');
  assert.equal(await page.inputValue('#phone'), '5550134471');
});

journey('the desk by keyboard alone: search, open, correct', async (t) => {
  const desk = new Desk(await t.device('desk'), t.origin);
  await desk.signIn('nora.bell');
  await desk.synced();
  const { page } = desk;
  const { keyboard } = page;
  const [, second] = await desk.finds('a');
  await page.reload();
  await desk.unlock();
  await eventually('the focus in the search', () => page.evaluate(() => document.activeElement?.id === 'patient-search'), { timeout: 5000 });
  await eventually('the patients', async () => (await desk.known()) > 0);
  await keyboard.type('a');
  await page.locator('[data-patient]').first().waitFor();
  await keyboard.press('ArrowDown');
  await page.locator(`[data-patient="${second}"][data-marked="true"]`).waitFor();
  await keyboard.press('Enter');
  await page.locator('#patient-name').waitFor();
  assert.ok(page.url().endsWith(second), 'Enter opens the marked result');
  await tabTo(page, '#edit-contact');
  await keyboard.press('Enter');
  await eventually('the focus in the form', () => page.evaluate(() => document.activeElement?.id === 'mobile-phone'), { timeout: 5000 });
  await keyboard.press('Control+A');
  await keyboard.type('555 013 2468');
  await keyboard.press('Enter');
  await eventually('the new number', async () => /2468/.test(await desk.card('contact').innerText()));
  await keyboard.press('/');
  await eventually('the focus in the bar', () => page.evaluate(() => document.activeElement?.id === 'search'), { timeout: 5000 });
  await keyboard.press('Escape');
  await page.evaluate(() => document.activeElement?.blur());
  await keyboard.press('?');
  await page.locator('dialog[open]').waitFor();
  await keyboard.press('Escape');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  await keyboard.press('n');
  await page.locator('#family-name').waitFor();
});
