// Two people work without seeing each other.
import { strict as assert } from 'node:assert';
import { journey } from '../lib/journey.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';

async function two(t) {
  const nora = new Desk(await t.device('nora'), t.origin);
  const theo = new Desk(await t.device('theo'), t.origin);
  await nora.signIn('nora.bell');
  await theo.signIn('theo.price');
  await nora.synced();
  await theo.synced();
  return [nora, theo];
}

journey('two desks register the same person offline: two records, offered as duplicates, told apart on both', async (t) => {
  const [nora, theo] = await two(t);
  await t.server.kill();
  const one = { family: 'Doppel', given: 'Gänger', birth: ['7', '4', '1991'], sex: 'male', phone: '555 013 6620' };
  for (const desk of [nora, theo]) {
    await desk.register(one);
    assert.equal(await desk.page.locator('#patient-mrn').getAttribute('data-mrn'), 'provisional');
    assert.match(await desk.badge(), /1 saved on this computer/);
  }
  await t.server.start();
  for (const desk of [nora, theo]) {
    await desk.state('sent');
    await eventually('both records', async () => (await desk.finds('ganger doppel')).length === 2, { timeout: 30_000, every: 400 });
  }
  const ids = await nora.finds('ganger doppel');
  for (const desk of [nora, theo]) {
    for (const id of ids) {
      await desk.openPatient('ganger doppel', id);
      await desk.page.locator('[data-mrn="assigned"]').waitFor();
      const other = ids.find((one) => one !== id);
      await desk.page.locator(`[data-duplicate="${other}"]`).waitFor();
    }
  }
  await nora.page.locator('[data-duplicate]').getByRole('button', { name: 'Not the same' }).click();
  for (const desk of [nora, theo]) {
    await desk.page.locator('[data-duplicate]').waitFor({ state: 'detached', timeout: 30_000 });
    assert.equal((await desk.finds('ganger doppel')).length, 2, 'nothing is merged');
    await desk.openPatient('ganger doppel', ids[0]);
    assert.equal(await desk.page.locator('[data-duplicate]').count(), 0);
  }
}, { seconds: 180 });

journey('a phone number corrected offline survives a cold start and reaches the other desk', async (t) => {
  const [nora, theo] = await two(t);
  const [id] = await nora.finds('a');
  const name = await nora.openPatient('a', id);
  await t.server.kill();
  await nora.openPatient(name, id);
  await nora.correctPhone('555 013 9907');
  await eventually('"Saved on this computer"', async () => /Saved on this computer/.test(await nora.page.locator('[data-entry="saved"]').innerText()));

  await nora.page.reload();
  await nora.unlock();
  await eventually('the entry in the badge', async () => /1 saved on this computer/.test(await nora.badge()));
  await nora.openPatient(name, id);
  assert.match(await nora.card('contact').innerText(), /555 013 9907|555-013-9907|\(555\) 013-9907/);

  await nora.device.cookieKept('anteroom_session');
  await nora.device.kill();
  await nora.device.start();
  await nora.open();
  await nora.unlock();
  await nora.openPatient(name, id);
  assert.match(await nora.card('contact').innerText(), /9907/);
  await eventually('the offline strip', () => nora.page.locator('[data-banner="offline"]').isVisible());

  await t.server.start();
  await nora.state('sent');
  await eventually('"All sent"', async () => /All sent/.test(await nora.badge()));
  await theo.openPatient(name, id);
  await eventually('the new number on the other desk', async () => /9907/.test(await theo.card('contact').innerText()), { timeout: 40_000 });
}, { seconds: 180 });

journey('two desks change one field offline: both values wait for a person, and one choice settles both', async (t) => {
  const [nora, theo] = await two(t);
  const one = { family: 'Konflikt', given: 'Kim', birth: ['5', '6', '1977'], sex: 'female', phone: '555 013 0001' };
  await nora.register(one);
  await nora.state('sent');
  await eventually('the record on the other desk', async () => (await theo.finds('kim konflikt')).length === 1, { every: 400 });
  await t.server.kill();
  for (const [desk, number] of [[nora, '555 013 0002'], [theo, '555 013 0003']]) {
    await desk.openPatient('kim konflikt');
    await desk.correctPhone(number);
    await desk.page.locator('[data-entry="saved"]').waitFor();
  }
  await t.server.start();
  for (const desk of [nora, theo]) await desk.state('decision');
  await nora.go('/decisions');
  const cases = nora.page.locator('article[data-conflict]', { hasText: 'Konflikt' });
  assert.equal(await cases.count(), 1);
  const words = await cases.innerText();
  assert.match(words, /0002/);
  assert.match(words, /0003/);
  await cases.locator('[data-keep="mine"]').click();
  for (const desk of [nora, theo]) await desk.state('sent');
  for (const desk of [nora, theo]) {
    await desk.openPatient('kim konflikt');
    await eventually('the value that was kept', async () => /000[23]/.test(await desk.card('contact').innerText()));
  }
  const line = async (desk) => (await desk.card('contact').innerText()).match(/000\d/)[0];
  assert.equal(await line(nora), await line(theo), 'the desks differ');
}, { seconds: 180 });
