// A passphrase is changed, and one is guessed at: whatever was entered before survives both.
import { strict as assert } from 'node:assert';
import { journey } from '../lib/journey.mjs';
import { PASSPHRASE } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';

const FRESH = 'a tall green ladder at noon';
const someone = (family) => ({ family, given: 'Unsent', birth: ['3', '4', '1981'], sex: 'female', phone: '' });

journey('a changed passphrase opens this device and shuts the old one out of the others; entries survive', async (t) => {
  const here = new Desk(await t.device('here'), t.origin);
  const there = new Desk(await t.device('there'), t.origin);
  for (const desk of [here, there]) {
    await desk.signIn('ines.marsh');
    await desk.synced();
  }
  await t.server.kill();
  await there.register(someone('Rewrapson'));
  await here.changePassphrase(PASSPHRASE, FRESH);
  await here.page.locator('.problem').waitFor();
  assert.match(await here.page.locator('.problem').innerText(), /gave no answer.*the old one goes on/s);
  await here.page.reload();
  await here.unlock();
  await there.page.reload();
  await t.server.start();

  await here.changePassphrase(PASSPHRASE, 'short');
  await here.page.locator('.problem').waitFor();
  await here.changePassphrase(PASSPHRASE, FRESH, `${FRESH}!`);
  await here.page.locator('#again-fault').waitFor();
  await here.changePassphrase('not this one at all', FRESH);
  await eventually('the refusal', async () => /old passphrase is not right/.test(await here.page.locator('.problem').innerText()));
  await here.changePassphrase(PASSPHRASE, FRESH);
  await here.page.locator('.toast', { hasText: 'Passphrase changed' }).waitFor();

  // With the server and without it: the new one opens this device, the old one no longer does.
  await here.page.reload();
  await here.unlock(FRESH);
  await t.server.kill();
  await here.page.reload();
  await here.unlock(FRESH);
  await here.page.reload();
  await here.page.fill('#passphrase', PASSPHRASE);
  await here.page.keyboard.press('Enter');
  await here.page.locator('.problem').waitFor();
  await t.server.start();

  // The other device still opens with the old one, once: then it knows.
  await there.unlock(PASSPHRASE);
  await there.page.locator('[data-banner="session"]').waitFor({ timeout: 30_000 });
  await there.page.reload();
  await there.page.locator('#login').waitFor();
  await there.page.fill('#login', 'ines.marsh');
  await there.page.fill('#passphrase', FRESH);
  await there.page.keyboard.press('Enter');
  await there.inside();
  await there.state('sent', 60_000);
  await here.unlock(FRESH);
  await eventually('the entry on the other device', async () => (await here.finds('Rewrapson')).length === 1, { timeout: 60_000 });
  await here.changePassphrase(FRESH, PASSPHRASE);
  await here.page.locator('.toast', { hasText: 'Passphrase changed' }).waitFor();
});

journey('ten wrong passphrases drop the keys of a device, and nothing that was entered on it', async (t) => {
  const thief = new Desk(await t.device('thief'), t.origin);
  await thief.signIn('theo.price');
  await thief.synced();
  await t.server.kill();
  await thief.register(someone('Tenfold'));
  await thief.page.reload();
  await thief.page.locator('#passphrase').waitFor();
  const guess = async (n) => {
    await thief.page.fill('#passphrase', `guess number ${n}`);
    await thief.page.keyboard.press('Enter');
    await eventually(`the answer to guess ${n}`, async () =>
      (await thief.page.locator('form.box button[type=submit]').getAttribute('aria-busy')) === 'false' && (await thief.page.locator('.problem').count()) > 0);
    return thief.page.locator('.problem').innerText();
  };
  for (let n = 1; n <= 5; n += 1) assert.match(await guess(n), /not right/);
  // A reload gives no new tries, and the right one forgives.
  await thief.page.reload();
  await thief.unlock();
  await thief.page.reload();
  await thief.page.locator('#passphrase').waitFor();
  for (let n = 1; n <= 4; n += 1) assert.match(await guess(n), /not right/);
  await thief.page.reload();
  await thief.page.locator('#passphrase').waitFor();
  for (let n = 5; n <= 9; n += 1) assert.match(await guess(n), /not right/);
  assert.match(await guess(10), /wrong ten times.*kept, and still sent/s);
  await thief.page.reload();
  await thief.page.locator('#login').waitFor();
  assert.equal(await thief.page.locator('.people button').count(), 0, 'somebody can still be opened here');
  assert.match(await thief.page.locator('.gate footer').innerText(), /1 entry is saved here, encrypted/);

  // Nobody signs in there, and the entry arrives all the same.
  await t.server.start();
  const desk = new Desk(await t.device('desk'), t.origin);
  await desk.signIn('nora.bell');
  await desk.synced();
  await eventually('the entry at the desk', async () => (await desk.finds('Tenfold')).length === 1, { timeout: 60_000 });
  await thief.page.fill('#login', 'theo.price');
  await thief.page.fill('#passphrase', PASSPHRASE);
  await thief.page.keyboard.press('Enter');
  await thief.inside();
  await thief.state('sent', 60_000);
  assert.equal((await thief.finds('Tenfold')).length, 1);
});
