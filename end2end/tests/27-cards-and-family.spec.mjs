// What the desk takes up when somebody comes: the insurance card as photos, and who pays for a child.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { OUT } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { ready, walkIn } from '../pages/board.mjs';
import { Desk } from '../pages/desk.mjs';
import { cardPhoto } from '../pages/kiosk.mjs';

const SHOTS = join(OUT, 'shots');
mkdirSync(SHOTS, { recursive: true });

const SIZES = [['tablet', { width: 1024, height: 768 }], ['phone', { width: 390, height: 844 }], ['desk', { width: 1280, height: 800 }]];

/** Looked at by a machine at every size; a form that is open stays open, with what was typed. */
async function looks(desk, what) {
  for (const [name, size] of SIZES) {
    await desk.page.setViewportSize(size);
    await desk.page.waitForTimeout(300);
    assert.deepEqual(await violations(desk.page, `${what}, ${name}`), []);
    await desk.device.shot(join(SHOTS, `desk-${what.replaceAll(' ', '-')}-${name}.png`));
  }
}

const inForce = (desk) => desk.page.locator('#card-coverage [data-active="true"]');

/** Hashes of the photos of the insurance that counts now, as they are shown. */
const shown = (desk) => inForce(desk).locator('.photos img[data-hash]').evaluateAll((all) => all.map((image) => image.dataset.hash));

const choose = (desk, side, buffer, mimeType = 'image/jpeg') =>
  desk.page.setInputFiles(`#card-${side}`, { name: `${side}.jpg`, mimeType, buffer });

journey('the desk takes both sides of a card without a network, another desk sees them, and a side is taken back', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  const theo = new Desk(await t.device('theo'), t.origin);
  for (const [desk, login] of [[nora, 'nora.bell'], [theo, 'theo.price']]) {
    await desk.signIn(login);
    await desk.synced();
  }
  const front = await cardPhoto(nora.page, 'Lakeshore Health', 3);
  const back = await cardPhoto(nora.page, 'Claims and appeals', 4);
  await nora.register({ family: 'Kartenmann', given: 'Karl', birth: ['4', '2', '1980'], sex: 'male', phone: '414 555 0167' });
  await nora.page.click('#add-coverage');
  await nora.page.fill('#payer', 'Lakeshore Health');
  await nora.page.fill('#member-id', 'LH 2041 7731');
  // What is no picture is said, and stands in nobody's way.
  await choose(nora, 'front', Buffer.from('not a photo'), 'image/jpeg');
  await nora.page.locator('.card-shot .fault').waitFor();
  await choose(nora, 'front', front);
  await nora.page.locator('#card-front-remove').waitFor();
  assert.equal(await nora.page.locator('.card-shot .fault').count(), 0);
  await looks(nora, 'coverage form');
  await t.server.kill();
  await nora.page.click('#save-coverage');
  await nora.page.locator('#save-coverage').waitFor({ state: 'detached' });
  await eventually('the front, without a server', async () => (await shown(nora)).length === 1);
  const [first] = await shown(nora);

  // The other side comes later, by itself: the same insurance from the same day on.
  await inForce(nora).locator('[data-card]').click();
  await nora.page.locator(`dialog[open] img[data-hash="${first}"]`).waitFor();
  await choose(nora, 'back', back);
  await nora.page.locator('#card-back-remove').waitFor();
  await looks(nora, 'card photos');
  await nora.page.click('#save-card');
  await nora.page.locator('#save-card').waitFor({ state: 'detached' });
  await eventually('both sides', async () => (await shown(nora)).length === 2);
  assert.equal(await inForce(nora).count(), 1, 'one insurance counts');
  assert.ok((await shown(nora)).includes(first), 'the front is the one that was there');
  assert.match(await inForce(nora).innerText(), /LH 2041 7731/);
  await t.server.start();
  await nora.state('sent', 60_000);

  await theo.openPatient('karl kartenmann');
  await eventually('both sides on the other desk', async () => (await shown(theo)).length === 2, { timeout: 60_000 });
  assert.deepEqual((await shown(theo)).sort(), (await shown(nora)).sort());
  await inForce(theo).locator('[data-card]').click();
  await theo.page.locator('#card-back-remove').click();
  await theo.page.locator('#card-back-remove').waitFor({ state: 'detached' });
  await theo.page.click('#save-card');
  await theo.page.locator('#save-card').waitFor({ state: 'detached' });
  for (const desk of [theo, nora]) {
    await eventually('the front alone', async () => (await shown(desk)).join() === first, { timeout: 60_000 });
  }

  // A card with another number is another card.
  await inForce(nora).locator('[data-replace]').click();
  await nora.page.locator('#card-front-remove').waitFor();
  await nora.page.fill('#member-id', 'LH 9000 0001');
  await nora.page.locator('#card-front-remove').waitFor({ state: 'detached' });
  await nora.page.click('#save-coverage');
  await inForce(nora).filter({ hasText: 'LH 9000 0001' }).waitFor();
  assert.deepEqual(await shown(nora), []);
  await nora.state('sent', 60_000);
}, { seconds: 240 });

journey('a child without an adult who pays is noticed on the record and at check-in, and the mother’s record knows her family', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  const theo = new Desk(await t.device('theo'), t.origin);
  for (const [desk, login] of [[nora, 'nora.bell'], [theo, 'theo.price']]) {
    await desk.signIn(login);
    await desk.synced();
  }
  const pays = (desk, words) => desk.page.locator('[data-pays]', { hasText: words }).waitFor();
  await nora.register({ family: 'Familienmann', given: 'Mara', birth: ['5', '6', '1988'], sex: 'female', phone: '414 555 0166' });
  await pays(nora, 'Bills go to the patient');
  assert.equal(await nora.page.locator('[data-banner="no-adult"]').count(), 0);
  const born = String(new Date().getFullYear() - 7);
  await nora.register({ family: 'Familienmann', given: 'Finn', birth: ['2', '3', born], sex: 'male', phone: '414 555 0168' });
  await nora.page.locator('[data-banner="no-adult"]').waitFor();
  await looks(nora, 'no responsible adult');

  await nora.go('/board');
  await ready(nora);
  const visit = await walkIn(nora, 'finn familienmann');
  await nora.page.locator(`[data-visit="${visit}"]`).press('Enter');
  const panel = nora.page.locator('dialog[open] .visit-panel');
  await panel.filter({ hasText: 'No responsible adult' }).waitFor();
  await nora.page.keyboard.press('Escape');

  // Said without a network: the mother, who is a patient here.
  await nora.openPatient('finn familienmann');
  await t.server.kill();
  await nora.page.click('#add-guarantor');
  await nora.page.fill('#person-record', 'finn familienmann');
  // Whoever is found is nobody yet: somebody says who it is.
  const found = (name) => nora.page.locator('dialog[open] .expected button', { hasText: name });
  await found('Finn').waitFor();
  assert.equal(await nora.page.locator('dialog[open] .expected [aria-pressed="true"]').count(), 0);
  assert.equal(await nora.page.locator('#person-given').count(), 1, 'nobody is linked who was only found');
  await found('Finn').click();
  await nora.page.locator('dialog[open] .expected [aria-pressed="true"]', { hasText: 'Finn' }).waitFor();
  await nora.page.fill('#person-relationship', 'mother');
  await nora.page.click('#save-related');
  await nora.page.locator('dialog[open]', { hasText: 'Choose somebody else than the patient' }).waitFor();
  await nora.page.fill('#person-record', 'mara familienmann');
  await found('Mara').click();
  await nora.page.locator('dialog[open] .expected [aria-pressed="true"]', { hasText: 'Mara' }).waitFor();
  assert.equal(await nora.page.locator('#person-given').count(), 0, 'her own record says her name');
  await looks(nora, 'who pays');
  await nora.page.click('#save-related');
  await pays(nora, 'Bills go to Mara Familienmann (mother)');
  await nora.page.locator('[data-banner="no-adult"]').waitFor({ state: 'detached' });
  await t.server.start();
  await nora.state('sent', 60_000);

  await theo.openPatient('mara familienmann');
  const family = theo.page.locator('#also-responsible [data-dependent]');
  await family.filter({ hasText: 'Finn Familienmann' }).waitFor({ timeout: 60_000 });
  assert.equal(await family.count(), 1);
  await theo.device.shot(join(SHOTS, 'desk-family.png'));
  assert.deepEqual(await violations(theo.page, 'family'), []);
  await family.locator('a').click();
  await pays(theo, 'Bills go to Mara Familienmann (mother)');

  await nora.go('/board');
  await nora.page.locator(`[data-visit="${visit}"]`).press('Enter');
  await panel.filter({ hasText: 'Mara Familienmann (mother)' }).waitFor();
  await nora.page.keyboard.press('Escape');

  // Once she no longer pays, somebody has to be named again.
  await theo.card('people').locator('[data-act="end"]').click();
  await theo.page.locator('[data-banner="no-adult"]').waitFor();
}, { seconds: 240 });

journey('race, ethnicity and where mail goes are said at the desk, and another desk reads them in words', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  const theo = new Desk(await t.device('theo'), t.origin);
  for (const [desk, login] of [[nora, 'nora.bell'], [theo, 'theo.price']]) {
    await desk.signIn(login);
    await desk.synced();
  }
  await nora.register({ family: 'Angabe', given: 'Anouk', birth: ['8', '9', '1991'], sex: 'female', phone: '414 555 0172' });
  const background = nora.card('background');
  await nora.page.click('#edit-background');
  for (const word of ['White', 'Asian', 'Not Hispanic or Latino']) await background.locator('label.choice', { hasText: new RegExp(`^\\s*${word}\\s*$`) }).click();
  await looks(nora, 'race and ethnicity');
  await nora.page.click('#save-background');
  await background.filter({ hasText: 'Asian, White' }).filter({ hasText: 'Not Hispanic or Latino' }).waitFor();

  await nora.page.click('#edit-contact');
  await nora.page.fill('#mailing-line1', 'PO Box 12');
  await nora.page.click('#save-contact');
  await nora.card('contact').locator('.has-fault', { hasText: 'Enter a city' }).waitFor();
  await nora.page.fill('#mailing-city', 'Brookfield');
  await nora.page.selectOption('#mailing-state', 'WI');
  await nora.page.fill('#mailing-postal-code', '53005');
  await looks(nora, 'mailing address');
  await nora.page.click('#save-contact');
  await nora.card('contact').filter({ hasText: 'PO Box 12, Brookfield, WI 53005' }).waitFor();
  await nora.state('sent');

  await theo.openPatient('anouk angabe');
  await theo.card('background').filter({ hasText: 'Asian, White' }).waitFor({ timeout: 60_000 });
  await theo.card('contact').filter({ hasText: 'PO Box 12' }).waitFor({ timeout: 60_000 });
}, { seconds: 180 });
