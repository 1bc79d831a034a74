// The flow board: who arrives is seen on every desk at once, steps are said by keyboard, and offline too.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { OUT } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { cards, ready, walkIn } from '../pages/board.mjs';
import { Desk } from '../pages/desk.mjs';
import { Kiosk } from '../pages/kiosk.mjs';
import { PHONE, Phone } from '../pages/phone.mjs';

const SHOTS = join(OUT, 'shots');
mkdirSync(SHOTS, { recursive: true });

/** In which column a visit's card is. */
const lane = (desk, id) => desk.page.locator(`[data-visit="${id}"]`).locator('xpath=ancestor::section').getAttribute('data-lane', { timeout: 2_000 }).catch(() => null);
const isIn = (desk, id, name, timeout = 20_000) => eventually(`the card in ${name}`, async () => (await lane(desk, id)) === name, { timeout, every: 20 });

journey('a patient arrives, is walked through the board by keyboard, and another desk sees each step within a second', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  const theo = new Desk(await t.device('theo'), t.origin);
  await nora.signIn('nora.bell', '/board');
  await theo.signIn('theo.price', '/board');
  for (const desk of [nora, theo]) await ready(desk);
  const id = await walkIn(nora, 'an');
  await isIn(nora, id, 'arrived');
  await isIn(theo, id, 'arrived');
  const waits = [];
  for (const name of ['ready', 'intake', 'ready_for_practitioner', 'with_practitioner']) {
    const begun = Date.now();
    await nora.page.locator(`[data-visit="${id}"]`).press('ArrowRight');
    await isIn(nora, id, name);
    await isIn(theo, id, name);
    waits.push(Date.now() - begun);
    await eventually('the focus on the moved card', () => nora.page.evaluate((id) => document.activeElement?.dataset.visit === id, id));
  }
  assert.ok(Math.min(...waits) < 1_000, `seen after ${waits} ms`);
  await nora.page.locator(`[data-visit="${id}"]`).press('ArrowLeft');
  await isIn(theo, id, 'ready_for_practitioner');

  await nora.page.locator(`[data-visit="${id}"]`).press('Enter');
  const panel = nora.page.locator('dialog[open] .visit-panel');
  await panel.waitFor();
  for (const words of [/Arrived/, /With practitioner/, /Nora Bell/, /Identity/]) assert.match(await panel.innerText(), words);
  assert.deepEqual(await violations(nora.page, 'visit'), []);
  await nora.device.shot(join(SHOTS, 'desk-board-visit.png'));
  await panel.locator('[data-step="waiting_for_results"]').click();
  await isIn(theo, id, 'with_practitioner');
  await theo.page.locator(`[data-visit="${id}"]`, { hasText: 'Waiting for results' }).waitFor();

  // Names are short until somebody asks for them.
  const who = theo.page.locator(`[data-visit="${id}"] .who`);
  assert.match(await who.innerText(), /^\S+.* \S\.$/);
  await theo.page.click('#counter-mode');
  assert.doesNotMatch(await who.innerText(), /^\S+.* \S\.$/);
  await theo.device.shot(join(SHOTS, 'desk-board.png'));
  for (const [name, size] of [['desk', { width: 1280, height: 800 }], ['tablet', { width: 1024, height: 768 }], ['phone', { width: 390, height: 844 }]]) {
    await theo.page.setViewportSize(size);
    assert.deepEqual(await violations(theo.page, `board, ${name}`), []);
    await theo.device.shot(join(SHOTS, `board-${name}.png`));
  }
}, { seconds: 180 });

journey('the board goes on without a server, and what two desks said comes together', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  const theo = new Desk(await t.device('theo'), t.origin);
  await nora.signIn('nora.bell', '/board');
  await theo.signIn('theo.price', '/board');
  for (const desk of [nora, theo]) await ready(desk);
  await t.server.kill();
  const [one, other] = [await walkIn(nora, 'an'), await walkIn(theo, 'ma')];
  await isIn(nora, one, 'arrived');
  await isIn(theo, other, 'arrived');
  await nora.page.locator(`[data-visit="${one}"]`).press('ArrowRight');
  await isIn(nora, one, 'ready');
  assert.match(await nora.badge(), /3 saved on this computer/);
  await t.server.start();
  for (const desk of [nora, theo]) {
    await isIn(desk, one, 'ready', 60_000);
    await isIn(desk, other, 'arrived', 60_000);
    await desk.state('sent', 60_000);
  }
}, { seconds: 180 });

journey('a patient changes rooms, the waiting room is called without names, and the doctor’s note is done at the desk', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell', '/board');
  await ready(nora);
  const id = await walkIn(nora, 'ma');
  await isIn(nora, id, 'arrived');
  for (const name of ['ready', 'intake']) {
    await nora.page.locator(`[data-visit="${id}"]`).press('ArrowRight');
    await isIn(nora, id, name);
  }
  await nora.page.locator(`[data-visit="${id}"]`).press('Enter');
  const panel = nora.page.locator('dialog[open] .visit-panel');
  const rooms = panel.locator('[data-put]');
  await rooms.first().waitFor();
  const words = (await rooms.nth(1).innerText()).split(' · ')[0].trim();
  const room = await rooms.nth(1).getAttribute('data-put');
  await rooms.nth(1).press('Enter');
  await panel.locator(`[data-put="${room}"][aria-pressed="true"]`).waitFor();
  const called = (await panel.locator('dt', { hasText: 'Called as' }).locator('xpath=following-sibling::dd[1]').innerText()).trim();
  assert.match(called, /^[A-Z]\d\d [A-Z]\./);
  assert.deepEqual(await violations(nora.page, 'visit with rooms'), []);
  await nora.device.shot(join(SHOTS, 'desk-board-rooms.png'));
  await nora.page.keyboard.press('Escape');
  await nora.page.locator(`[data-room="${room}"]:not(.free)`).waitFor();

  await nora.page.click('#counter-mode');
  const names = (await nora.page.locator('.board .who').allInnerTexts()).flatMap((name) => name.split(/\s+/)).filter((word) => word.length > 2);
  await nora.page.click('#counter-mode');
  await nora.page.click('#call-screen');
  const screen = nora.page.locator('dialog[open] .call');
  await screen.locator('.called li', { hasText: called }).waitFor();
  assert.match(await screen.locator('.called li', { hasText: called }).innerText(), new RegExp(words));
  const shown = await screen.innerText();
  for (const name of names) assert.ok(!shown.includes(name), `${name} is on the screen of the waiting room`);
  assert.deepEqual(await violations(nora.page, 'waiting room'), []);
  await nora.device.shot(join(SHOTS, 'desk-waiting-room.png'));
  await nora.page.keyboard.press('Escape');

  // The doctor asks from the telephone, without a network.
  const samuel = new Phone(await t.device('samuel', { viewport: PHONE }), t.origin);
  await samuel.signIn('samuel.okafor', '/today');
  await samuel.state('sent', 60_000);
  await samuel.page.click('#my-tasks');
  await samuel.page.locator('h1', { hasText: 'Tasks' }).waitFor();
  await t.server.kill();
  await samuel.page.click('#ask');
  await samuel.page.click('#task-save');
  await samuel.page.locator('#task-words-fault').waitFor();
  await samuel.page.fill('#task-words', 'Order more vaccine before Friday');
  await samuel.page.selectOption('#task-owner', { label: 'Front desk' });
  await samuel.page.locator('#task-urgent').check();
  await samuel.device.shot(join(SHOTS, 'phone-task.png'));
  assert.deepEqual(await violations(samuel.page, 'asking'), []);
  await samuel.page.click('#task-save');
  await samuel.page.locator('#task-words').waitFor({ state: 'detached' });
  await t.server.start();
  await nora.page.locator('[data-nav="/tasks"] .badge').waitFor({ timeout: 60_000 });
  await nora.page.click('[data-nav="/tasks"]');
  const task = nora.page.locator('[data-task]', { hasText: 'Order more vaccine' });
  await task.waitFor();
  assert.match(await task.innerText(), /asked by Samuel Okafor/);
  assert.deepEqual(await violations(nora.page, 'tasks'), []);
  await nora.device.shot(join(SHOTS, 'desk-tasks.png'));
  await task.locator('input').fill('Ordered');
  await task.locator('[data-act="done"]').press('Enter');
  await task.waitFor({ state: 'detached' });
}, { seconds: 240 });

journey('a patient with an appointment checks in without a network in a few taps, and is on the board once it is back', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell', '/desk/new');
  await nora.state('sent', 60_000);
  // Somebody of whom only this journey knows, who has a visit now and was taken back as not here yet.
  const given = `Quill${String.fromCharCode(97 + (Date.now() % 26))}`;
  await nora.register({ given, family: 'Tester', birth: ['3', '9', '1984'], sex: 'female', phone: '555 013 4471' });
  await nora.go('/board');
  await ready(nora);
  await nora.page.locator('.page-head .seg label', { hasText: 'Maple Street' }).click();
  // Keys are not the page's while a choice has the focus.
  await nora.page.locator('.page-head h1').click();
  const id = await walkIn(nora, given);
  await isIn(nora, id, 'arrived');
  await nora.page.locator(`[data-visit="${id}"]`).press('ArrowLeft');
  await nora.page.locator(`[data-visit="${id}"]`).waitFor({ state: 'detached' });
  await nora.state('sent', 30_000);

  const kiosk = new Kiosk(await t.device('tablet', { viewport: { width: 1024, height: 768 } }), t.origin);
  await kiosk.enrol();
  await t.server.kill();
  const { page } = kiosk;
  let taps = 0;
  const tap = async (locator) => {
    taps += 1;
    await locator.click();
  };
  const begun = Date.now();
  await tap(page.locator('#check-in'));
  await kiosk.at('birth');
  await page.selectOption('#dob-month', '3');
  taps += 2; // opening the list, and the month in it
  await tap(page.locator('#dob-day'));
  await page.keyboard.type('9');
  await tap(page.locator('#dob-year'));
  await page.keyboard.type('1984');
  await tap(page.locator('#continue'));
  await kiosk.at('name');
  await page.locator('#given-name').focus();
  await page.keyboard.type(given);
  await page.keyboard.press('Tab');
  await page.keyboard.type('Tester');
  await page.keyboard.press('Enter');
  await kiosk.at('phone');
  await page.locator('#phone').focus();
  await page.keyboard.type('5550134471');
  await page.keyboard.press('Enter');
  await kiosk.at('changed');
  await tap(page.locator('label', { hasText: 'Nothing has changed' }));
  await tap(page.locator('#continue'));
  await kiosk.at('review');
  await kiosk.device.shot(join(SHOTS, 'kiosk-check-in.png'));
  await tap(page.locator('#continue'));
  await page.locator('#state-words', { hasText: 'Saved on this tablet' }).waitFor();
  const seconds = (Date.now() - begun) / 1000;
  t.note(`${taps} taps and ${seconds.toFixed(1)} s of machine time`);
  assert.ok(taps <= 12, `${taps} taps`);
  assert.ok(seconds < 90, `${seconds} s`);
  await t.server.start();
  await isIn(nora, id, 'arrived', 60_000);
  await nora.page.locator(`[data-visit="${id}"]`).press('Enter');
  await nora.page.locator('dialog[open] .visit-panel', { hasText: 'Checked in at the kiosk' }).waitFor();
}, { seconds: 240 });
