// The doctor's phone.
import { strict as assert } from 'node:assert';
import { journey } from '../lib/journey.mjs';
import { eventually } from '../lib/wait.mjs';
import { PHONE, Phone } from '../pages/phone.mjs';

journey('the day and a record stay readable on the phone when the server is gone', async (t) => {
  const phone = new Phone(await t.device('phone', { viewport: PHONE }), t.origin);
  await phone.signIn('samuel.okafor', '/today');
  await phone.today();
  const visits = await phone.visits().count();
  assert.ok(visits >= 4, `${visits} accepted submissions of the day`);
  await phone.state('sent');
  const name = await phone.openVisit();
  await t.server.kill();
  await phone.page.reload();
  await phone.unlock();
  await phone.today();
  await eventually('the same day', async () => (await phone.visits().count()) === visits);
  assert.equal(await phone.openVisit(), name);
  await phone.page.locator('#allergies').waitFor();
  assert.ok((await phone.page.locator('[data-answer]').count()) > 0, 'answers about health');
  await phone.go('/today/patients');
  await phone.page.fill('#search', name);
  await phone.page.locator('a', { hasText: name }).first().waitFor();
  const width = await phone.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= PHONE.width, `the page is ${width} px wide`);
});
