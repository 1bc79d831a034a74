// The date window: whom nobody had to do with leaves the devices, and comes back with one press or the next entry.
import { strict as assert } from 'node:assert';
import { journey } from '../lib/journey.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';

journey('a record that was set aside leaves the desk, and comes back when it is asked for or written to', async (t) => {
  const desk = new Desk(await t.device('desk'), t.origin);
  const { page } = desk;
  await desk.signIn('nora.bell');
  await desk.synced();
  const [asked, written] = await desk.finds('Bailey');
  await desk.openPatient('Bailey', asked);
  await desk.card('coverage').waitFor();
  assert.equal(await page.locator('[data-banner="not-here"]').count(), 0);

  // A window of no days: nobody had to do with anybody since now.
  assert.match(t.server.cli('sync', 'window', '--days', '0'), /^[1-9]\d* patients set aside/m);
  const banner = page.locator('[data-banner="not-here"]');
  await banner.waitFor({ timeout: 60_000 });
  assert.equal(await desk.card('coverage').count(), 0, 'an empty list reads as "none"');
  assert.ok(await page.locator('#patient-name').innerText(), 'the index stays');
  await page.press('#bring-back', 'Enter');
  await banner.waitFor({ state: 'detached' });
  await desk.card('coverage').waitFor();

  // What is entered without the server is taken, and not asked about.
  await desk.openPatient('Bailey', written);
  await banner.waitFor();
  await t.server.kill();
  await desk.correctPhone('414 555 0188');
  assert.match(await banner.innerText(), /asked for/, 'what was entered here brings no rows');
  assert.equal(await desk.card('coverage').count(), 0);
  await t.server.start();
  await desk.state('sent', 60_000);
  await eventually('the record', async () => (await banner.count()) === 0 && (await desk.card('coverage').count()) === 1);
  await desk.go('/decisions');
  await page.getByText('Nothing needs a decision').waitFor();
});
