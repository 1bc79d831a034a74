// Two tabs on one device: one works, the other can take over, and nothing is written by both.
import { strict as assert } from 'node:assert';
import { journey } from '../lib/journey.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';

const someone = (family) => ({ family, given: 'Tabby', birth: ['5', '6', '1979'], sex: 'male', phone: '' });
const elsewhere = (page) => page.getByRole('heading', { name: 'Anteroom is open in another tab' });

/** Another tab of the same browser. */
async function secondTab(desk, init) {
  const page = await desk.device.context.newPage();
  if (init) await page.addInitScript(init);
  const other = new Desk(Object.create(desk.device, { page: { value: page } }), desk.origin);
  return other;
}

journey('a second tab says that it is one, takes over when asked to, and gives back', async (t) => {
  const first = new Desk(await t.device('desk'), t.origin);
  await first.signIn('nora.bell');
  await first.synced();
  await t.server.kill();
  await first.register(someone('Firsttab'));
  const second = await secondTab(first);
  await second.open();
  await elsewhere(second.page).waitFor();
  await second.page.press('#use-here', 'Enter');
  await second.unlock();
  await elsewhere(first.page).waitFor();
  assert.match(await second.badge(), /1 saved on this computer/i);
  await second.register(someone('Secondtab'));
  await first.page.click('#use-here');
  await first.unlock();
  await elsewhere(second.page).waitFor();
  assert.match(await first.badge(), /2 saved on this computer/i);
  await second.page.close();
  await t.server.start();
  await first.state('sent', 60_000);
  for (const name of ['Firsttab', 'Secondtab']) assert.equal((await first.finds(name)).length, 1, name);
});

/** A tab that last said in 1970 that it is alive, and is never told that it lost its lock: as one that the browser froze long
 *  ago, and thaws in the middle of a step. */
const deaf = () => {
  if (!globalThis.LockManager) return; // an empty page
  const { request } = LockManager.prototype;
  LockManager.prototype.request = function (...what) {
    return request.apply(this, what).catch(() => new Promise(() => {}));
  };
  const { setItem } = Storage.prototype;
  Storage.prototype.setItem = function (key, value) {
    setItem.call(this, key, key === 'anteroom-staff-alive' ? '1' : value);
  };
};

journey('a tab that froze is taken over without asking, and what it writes when it wakes is refused', async (t) => {
  const first = new Desk(await t.device('desk', { init: deaf }), t.origin);
  await first.signIn('nora.bell');
  await first.synced();
  await t.server.kill();
  await first.fillNew(someone('Frozen'));
  await first.device.cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
  const second = await secondTab(first);
  await second.open();
  await second.unlock();
  await second.register(someone('Awake'));
  await first.device.cdp.send('Page.setWebLifecycleState', { state: 'active' });
  await first.page.bringToFront();
  assert.equal(await elsewhere(first.page).count(), 0, 'the first tab knows already: this test shows nothing');
  await first.page.click('#save-patient');
  await elsewhere(first.page).waitFor();
  await second.page.bringToFront();
  await t.server.start();
  await second.state('sent', 60_000);
  assert.equal((await second.finds('Frozen')).length, 0, 'a tab that was taken over has written');
  assert.equal((await second.finds('Awake')).length, 1);
});

/** A build that does not let go of its database. */
const holding = () => Object.defineProperty(IDBDatabase.prototype, 'onversionchange', { set() {} });
/** A build whose database has a newer layout. */
const newer = () => {
  const { open } = IDBFactory.prototype;
  IDBFactory.prototype.open = function (name, version) {
    return open.call(this, name, version && version + 1);
  };
};

journey('an upgrade that an old tab blocks says so, and goes on when that tab is closed; the old build then refuses', async (t) => {
  const old = new Desk(await t.device('desk'), t.origin);
  await old.page.addInitScript(holding);
  await old.signIn('nora.bell');
  await old.synced();
  await t.server.kill();
  await old.register(someone('Upgrade'));
  const fresh = await secondTab(old, newer);
  await fresh.open();
  await fresh.page.click('#use-here');
  await fresh.page.getByText(/close the other tabs of this app, then reload/i).waitFor();
  await old.page.goto('about:blank');
  await fresh.page.getByRole('button', { name: 'Load again' }).click();
  // It is in the way of nobody now: the page itself is what was taken over.
  await fresh.unlock();
  assert.match(await fresh.badge(), /1 saved on this computer/i);
  const back = await secondTab(old);
  await back.open();
  await back.page.click('#use-here');
  await back.page.getByText(/written by a newer version of this app/i).waitFor();
  await back.page.close();
  await fresh.page.reload();
  await fresh.unlock();
  await t.server.start();
  await eventually('the entry', async () => (await fresh.finds('Upgrade')).length === 1, { timeout: 60_000 });
  await fresh.state('sent', 60_000);
});
