// What was not applied reaches a person, and a device that is lost loses nothing and shows nothing.
import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { OUT } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';
import { Kiosk, someone } from '../pages/kiosk.mjs';

const SHOTS = join(OUT, 'shots');

async function shot(desk, name) {
  mkdirSync(SHOTS, { recursive: true });
  await desk.device.shot(join(SHOTS, `${name}.png`));
}

journey('two desks decide about one submission offline: the second is in the tray of both, and one choice settles it', async (t) => {
  const kiosk = new Kiosk(await t.device('kiosk', { viewport: { width: 1024, height: 768 } }), t.origin);
  const nora = new Desk(await t.device('nora'), t.origin);
  const theo = new Desk(await t.device('theo'), t.origin);
  await kiosk.enrol();
  await kiosk.begin();
  await kiosk.walk(someone({ family: 'Zweimal', given: 'Zoe' }));
  await kiosk.send();
  await nora.signIn('nora.bell');
  await theo.signIn('theo.price');
  const ids = [];
  for (const desk of [nora, theo]) {
    await desk.synced();
    await desk.fullNames();
    await desk.intakeOf('Zweimal');
  }
  await t.server.kill();
  for (const desk of [nora, theo]) {
    const id = await desk.review('Zweimal');
    await desk.acceptAsNew(id);
    ids.push(id);
  }
  await t.server.start();
  await eventually('what was refused, on both desks', async () => {
    for (const desk of [nora, theo]) {
      await desk.go('/decisions');
      if ((await desk.page.locator('article[data-tray-item]', { hasText: 'Intake accepted' }).count()) !== 1) return false;
    }
    return true;
  }, { timeout: 60_000, every: 500 });
  const words = await nora.page.locator('article[data-tray-item]').first().innerText();
  assert.match(words, /entered/);
  await shot(nora, 'desk-tray-refused');
  assert.deepEqual(await violations(nora.page, 'tray'), []);
  await nora.page.locator('article[data-tray-item]', { hasText: 'Intake accepted' }).locator('[data-tray="drop"]').click();
  for (const desk of [nora, theo]) {
    await desk.page.locator('article[data-tray-item]', { hasText: 'Intake accepted' }).waitFor({ state: 'detached', timeout: 40_000 });
    await desk.state('sent');
    assert.equal((await desk.finds('zoe zweimal')).length, 1, 'one record, made once');
  }
}, { seconds: 240 });

journey('a device that is shut out sends what it has, is erased, and its entries wait for a person', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  const lost = new Desk(await t.device('lost'), t.origin);
  const owner = new Desk(await t.device('owner'), t.origin);
  await nora.signIn('nora.bell');
  await lost.signIn('theo.price');
  await lost.synced();
  await nora.synced();
  const own = await lost.page.evaluate(() => new Promise((done) => {
    const open = indexedDB.open('anteroom-staff');
    open.onsuccess = () => {
      const get = open.result.transaction('meta').objectStore('meta').get('enrolment');
      get.onsuccess = () => done(JSON.parse(new TextDecoder().decode(get.result)).device);
    };
  }));
  await t.server.kill();
  await lost.register({ family: 'Verloren', given: 'Vera', birth: ['3', '4', '1980'], sex: 'female', phone: '555 013 4488' });
  await eventually('the entry on the lost device', async () => /1 saved on this computer/.test(await lost.badge()));
  await lost.device.close(); // it is in somebody's bag
  await t.server.start();

  await owner.signIn('olive.hart', '/devices');
  await owner.page.locator(`[data-revoke="${own}"]`).click();
  await owner.page.locator('dialog[open] .danger').click();
  await owner.page.locator(`tr[data-device="${own}"]`, { hasText: 'Shut out' }).waitFor();
  await owner.state('sent');
  assert.match(t.server.cli('sync', 'status'), /shut out/);

  await lost.device.start();
  await lost.open();
  await nora.go('/decisions');
  const parked = nora.page.locator('article[data-tray-item]', { hasText: 'Verloren' });
  await parked.waitFor({ timeout: 60_000 });
  await shot(nora, 'desk-tray-parked');
  const left = () => lost.page.evaluate(() => new Promise((done) => {
    const open = indexedDB.open('anteroom-staff');
    open.onsuccess = () => {
      const tx = open.result.transaction(['meta', 'rows', 'reads', 'drafts']);
      const counts = {};
      for (const name of ['rows', 'reads', 'drafts']) tx.objectStore(name).count().onsuccess = (event) => (counts[name] = event.target.result);
      tx.objectStore('meta').getAllKeys().onsuccess = (event) => (counts.rings = event.target.result.filter((key) => key.startsWith('ring/')).length);
      tx.oncomplete = () => { open.result.close(); done(counts); };
    };
  }));
  await eventually('nothing to read on the lost device', async () => {
    const counts = await left();
    return counts.rows + counts.reads + counts.drafts + counts.rings === 0;
  }, { timeout: 60_000, every: 500 });

  await parked.locator('[data-tray="edit"]').click();
  const given = nora.page.getByLabel('given name');
  await given.fill('Veronika');
  await shot(nora, 'desk-tray-edit');
  await nora.page.locator('[data-edit="save"]').click();
  await parked.waitFor({ state: 'detached', timeout: 30_000 });
  await nora.state('sent');
  assert.equal((await nora.finds('veronika verloren')).length, 1);
}, { seconds: 240 });

journey('a stranded outbox is carried to the server as a file, and nothing is taken twice', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  const theo = new Desk(await t.device('theo'), t.origin);
  await nora.signIn('nora.bell');
  await theo.signIn('theo.price');
  await nora.synced();
  await theo.synced();
  await t.server.kill();
  await nora.register({ family: 'Gestrandet', given: 'Greta', birth: ['8', '9', '1971'], sex: 'female', phone: '555 013 1234' });
  await nora.go('/outbox');
  const [download] = await Promise.all([nora.page.waitForEvent('download'), nora.page.click('#rescue')]);
  mkdirSync(OUT, { recursive: true });
  const file = join(OUT, 'outbox.jsonl'); // the browser's own copy goes with the browser
  await download.saveAs(file);
  const text = readFileSync(file, 'utf8');
  assert.ok(!/Gestrandet|Greta|1234/.test(text), 'the file shows nothing in the clear');
  assert.match(text, /anteroom_rescue/);
  await nora.device.close();
  await t.server.start();
  assert.match(t.server.cli('import', 'outbox', file), /1 entries applied/);
  assert.match(t.server.cli('import', 'outbox', file), /0 entries applied, \d+ were here already/);
  await eventually('the patient on another desk', async () => (await theo.finds('greta gestrandet')).length === 1, { timeout: 40_000, every: 500 });
  await nora.device.start();
  await nora.open();
  await nora.unlock();
  await nora.state('sent', 60_000);
  assert.equal((await nora.finds('greta gestrandet')).length, 1, 'the device sent the same again, and it took effect once');
}, { seconds: 180 });

journey('the desk says which sites a patient comes to, and it is sent', async (t) => {
  const theo = new Desk(await t.device('theo'), t.origin);
  await theo.signIn('theo.price');
  await theo.synced();
  await theo.register({ family: 'Umzug', given: 'Uta', birth: ['1', '2', '1966'], sex: 'female', phone: '555 013 7788' });
  await theo.state('sent');
  const sites = theo.page.locator('#belongs input[data-site]');
  assert.equal(await sites.count(), 2);
  await sites.first().check();
  await theo.page.locator('#belongs', { hasText: 'Devices of these sites' }).waitFor();
  await theo.state('sent');
  await shot(theo, 'desk-record-sites');
}, { seconds: 120 });

journey('a kiosk that is shut out sends what it has and then asks nobody', async (t) => {
  const kiosk = new Kiosk(await t.device('kiosk', { viewport: { width: 1024, height: 768 } }), t.origin);
  const owner = new Desk(await t.device('owner'), t.origin);
  await kiosk.enrol();
  await owner.signIn('olive.hart', '/devices');
  const own = await kiosk.page.evaluate(() => new Promise((done) => {
    const open = indexedDB.open('anteroom-kiosk');
    open.onsuccess = () => {
      const get = open.result.transaction('meta').objectStore('meta').get('kiosk');
      get.onsuccess = () => done(JSON.parse(new TextDecoder().decode(get.result)).device);
    };
  }));
  await owner.page.locator(`[data-revoke="${own}"]`).click();
  await owner.page.locator('dialog[open] .danger').click();
  await owner.state('sent');
  await kiosk.page.locator('[data-step="shut-out"]').waitFor({ timeout: 90_000 });
  assert.match(await kiosk.page.locator('main').innerText(), /front desk/);
  assert.deepEqual(await violations(kiosk.page, 'kiosk that is shut out'), []);
  await kiosk.device.shot(join(SHOTS, 'kiosk-shut-out.png'));
  await kiosk.page.reload();
  await kiosk.page.locator('[data-step="shut-out"]').waitFor();
}, { seconds: 180 });
