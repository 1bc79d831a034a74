// People around a patient, and what the patient agreed to: corrected and taken back on two desks at once.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { OUT } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';
import { Kiosk, someone } from '../pages/kiosk.mjs';

const SHOTS = join(OUT, 'shots');
mkdirSync(SHOTS, { recursive: true });

/** Opens the form of someone around the patient, types a number and saves. */
async function correct(desk, number) {
  await desk.card('people').locator('li', { hasText: 'Alex Tester' }).locator('[data-act="edit"]').click();
  assert.equal(await desk.page.inputValue('#person-given'), 'Alex');
  await desk.page.fill('#person-phone', number);
  await desk.page.click('#save-related');
  await desk.page.locator('#person-phone').waitFor({ state: 'detached' });
}

async function takeBack(desk) {
  await desk.page.locator('[data-consent="texting"] [data-act="take-back"]').click();
  await desk.page.click('#take-back-now');
  await desk.page.locator('[data-consent="texting"]', { hasText: 'Taken back' }).waitFor();
  await desk.page.locator('#take-back-now').waitFor({ state: 'detached' });
}

journey('two desks correct one contact and take one consent back, offline: nothing is lost, and one choice settles it', async (t) => {
  const kiosk = new Kiosk(await t.device('kiosk', { viewport: { width: 1024, height: 768 } }), t.origin);
  const nora = new Desk(await t.device('nora'), t.origin);
  const theo = new Desk(await t.device('theo'), t.origin);
  await kiosk.enrol();
  await kiosk.begin();
  await kiosk.walk(someone({ family: 'Umkreis', given: 'Uma' }));
  await kiosk.send();
  await nora.signIn('nora.bell');
  await theo.signIn('theo.price');
  await nora.synced();
  await theo.synced();
  await nora.fullNames();
  await nora.intakeOf('Umkreis');
  await nora.acceptAsNew(await nora.review('Umkreis'));
  await nora.state('sent');
  await eventually('the record on the other desk', async () => (await theo.finds('uma umkreis')).length === 1, { every: 400 });
  for (const desk of [nora, theo]) {
    await desk.openPatient('uma umkreis');
    await desk.card('people').locator('li', { hasText: 'Alex Tester' }).waitFor({ timeout: 40_000 });
  }

  // A form with nothing chosen says what is missing, and keeps what was typed.
  await nora.page.click('#add-person');
  await nora.page.fill('#person-given', 'Rosa');
  await nora.page.click('#save-related');
  await nora.page.locator('.dialog', { hasText: 'Choose what they are' }).waitFor();
  assert.equal(await nora.page.inputValue('#person-given'), 'Rosa');
  assert.deepEqual(await violations(nora.page, 'person form'), []);
  await nora.device.shot(join(SHOTS, 'desk-person-form.png'));
  await nora.page.keyboard.press('Escape');

  await t.server.kill();
  await correct(nora, '555 017 1201');
  await correct(theo, '555 017 1202');
  for (const desk of [nora, theo]) await takeBack(desk);
  await nora.device.shot(join(SHOTS, 'desk-consent-taken-back.png'));
  await t.server.start();
  for (const desk of [nora, theo]) await desk.state('decision', 60_000);

  await theo.go('/decisions');
  const cases = theo.page.locator('article[data-conflict]', { hasText: 'phone of Alex Tester' });
  await cases.waitFor();
  assert.equal(await cases.count(), 1);
  const words = await cases.innerText();
  for (const number of [/1201/, /1202/, /1200/]) assert.match(words, number);
  await theo.device.shot(join(SHOTS, 'desk-decision-related.png'));
  assert.deepEqual(await violations(theo.page, 'decision about a contact'), []);
  await cases.locator('[data-keep="mine"]').click();
  for (const desk of [nora, theo]) await desk.state('sent', 60_000);
  const kept = [];
  for (const desk of [nora, theo]) {
    await desk.openPatient('uma umkreis');
    const alex = desk.card('people').locator('li', { hasText: 'Alex Tester' });
    const [roles] = await alex.locator('span').allInnerTexts();
    assert.equal(roles, 'Emergency contact', 'a role that nobody touched');
    kept.push((await alex.innerText()).match(/120\d/)[0]);
    assert.equal(await desk.card('people').locator('li').count(), 1, 'one contact, not two');
    const texting = desk.page.locator('[data-consent="texting"]');
    assert.match(await texting.innerText(), /Taken back/);
    assert.equal(await texting.locator('[data-act="take-back"]').count(), 0);
  }
  assert.equal(kept[0], kept[1], 'the desks differ');
  assert.notEqual(kept[0], '1200');

  // The end of a contact is a correction, too, and stays.
  await nora.card('people').locator('[data-act="end"]').click();
  await nora.card('people').locator('li', { hasText: 'until' }).waitFor();
  await nora.state('sent');
  await eventually('the end on the other desk', async () => /until/.test(await theo.card('people').innerText()), { timeout: 40_000 });
}, { seconds: 240 });
