// Two records of one person: found, joined without losing anything, followed by a desk that had not heard, taken apart.
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

const WILHELMINA = { family: 'Quartermain', given: 'Wilhelmina', birth: ['3', '9', '1984'], sex: 'female', phone: '414 555 0155' };

/** Entered by the desk, though one like them may be known; the id of the record, which is open after. */
async function register(desk) {
  await desk.fillNew(WILHELMINA);
  await desk.page.click('#save-patient');
  const anyway = desk.page.locator('#create-anyway');
  const name = desk.page.locator('#patient-name');
  await anyway.or(name).first().waitFor();
  if (await anyway.isVisible()) await anyway.click();
  await desk.page.locator('#patient-name').waitFor();
  return desk.page.url().split('/').pop();
}

const count = (desk) => desk.page.locator('#card-visits [data-appointment]').count();

async function open(desk, id) {
  await desk.page.evaluate((id) => {
    const link = document.createElement('a');
    link.href = `/desk/patient/${id}`;
    document.querySelector('main').append(link);
    link.click();
  }, id);
  await desk.page.locator('#patient-name').waitFor();
}

async function bookFor(desk, time) {
  const calendar = new Calendar(desk);
  await desk.page.click('#book-for');
  await desk.page.locator('#book-form').waitFor();
  await desk.page.selectOption('#book-kind', { label: 'Follow-up, 15 min' });
  await desk.page.selectOption('#book-with', { index: 1 });
  await desk.page.fill('#book-on', await calendar.weekday(28));
  await desk.page.fill('#book-time', time);
  await desk.page.locator('#book-save').press('Enter');
  await desk.page.locator('#book-form').waitFor({ state: 'detached' });
}

journey('two records of one person are joined, a desk that was cut off is followed, and both are whole again after', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  const theo = new Desk(await t.device('theo'), t.origin);
  await nora.signIn('nora.bell');
  await theo.signIn('theo.price');
  for (const desk of [nora, theo]) await desk.synced();
  const first = await register(nora);
  await bookFor(nora, '09:00');
  const second = await register(nora);
  await bookFor(nora, '10:00');
  await nora.state('sent');
  await open(theo, second);
  await eventually('the second record on the other desk', async () => (await count(theo)) === 1);
  assert.equal(await count(theo), 1);

  // Theo is cut off before they are joined, and books for the record that will be gone.
  await theo.device.page.context().setOffline(true);
  await bookFor(theo, '11:00');

  await nora.go('/desk');
  await nora.page.click('#duplicates');
  const pair = nora.page.locator(`[data-pair*="${first}"][data-pair*="${second}"]`);
  await pair.waitFor();
  assert.deepEqual(await violations(nora.page, 'duplicates'), []);
  await nora.device.shot(join(SHOTS, 'desk-duplicates.png'));
  await pair.getByRole('button', { name: 'Compare' }).click();
  await nora.page.locator('#join').waitFor();
  assert.deepEqual(await violations(nora.page, 'join'), []);
  await nora.device.shot(join(SHOTS, 'desk-join.png'));
  await nora.page.click('#join-save');
  await nora.page.locator('[data-alias]').waitFor();
  assert.equal(await count(nora), 2);
  await nora.device.shot(join(SHOTS, 'desk-joined.png'));
  await nora.state('sent');

  // What Theo entered meanwhile is about the same person.
  await theo.device.page.context().setOffline(false);
  await theo.state('sent', 60_000);
  await eventually('three appointments in one record', async () => (await count(nora)) === 3, { timeout: 60_000 });

  const survivor = nora.page.url().split('/').pop();
  const gone = survivor === first ? second : first;
  await nora.page.locator('[data-alias]').getByRole('button', { name: 'Take apart' }).click();
  await nora.page.locator('[data-alias]').waitFor({ state: 'detached' });
  // What was moved goes back; what came after stays with the survivor.
  await eventually('two appointments here', async () => (await count(nora)) === 2);
  await open(nora, gone);
  await eventually('one appointment there', async () => (await count(nora)) === 1);
  await nora.state('sent');
}, { seconds: 240 });
