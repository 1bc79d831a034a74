// Pages of the build that shipped before this one, kept in previous/, meet this server.
import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { journey } from '../lib/journey.mjs';
import { HERE, SITE } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';
import { Kiosk, someone } from '../pages/kiosk.mjs';

const KEPT = join(HERE, 'previous');

/** The kept build as a server reads it. */
function unpack() {
  const site = mkdtempSync(join(tmpdir(), 'anteroom-previous-'));
  for (const entry of readdirSync(KEPT, { recursive: true })) {
    const from = join(KEPT, entry);
    if (statSync(from).isDirectory()) continue;
    const packed = from.endsWith('.br');
    const to = join(site, relative(KEPT, packed ? from.slice(0, -3) : from));
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, packed ? brotliDecompressSync(readFileSync(from)) : readFileSync(from));
  }
  return site;
}

const build = (page) => page.evaluate(() => document.documentElement.dataset.build);

journey('what was entered in the previous build arrives at this server, and this build goes on with its storage', async (t) => {
  const previous = unpack();
  t.finally(async () => {
    t.server.site = SITE;
    rmSync(previous, { recursive: true, force: true });
  });
  await t.server.kill();
  t.server.site = previous;
  await t.server.start();
  const kiosk = new Kiosk(await t.device('kiosk', { viewport: { width: 1024, height: 768 } }), t.origin);
  await kiosk.enrol();
  const desk = new Desk(await t.device('desk'), t.origin);
  await desk.signIn('theo.price');
  await desk.synced();
  const old = await build(desk.page);
  await t.server.kill();
  await kiosk.submit(someone({ given: 'Older', family: 'Buildman' }));
  await desk.register({ family: 'Buildwoman', given: 'Older', birth: ['9', '9', '1970'], sex: 'female', phone: '' });

  t.server.site = SITE;
  await t.server.start();
  await eventually('"sent to clinic"', async () => /Sent to clinic/.test(await kiosk.words()), { timeout: 60_000 });
  await desk.state('sent', 60_000);
  assert.equal(await build(desk.page), old, 'the page changed under the person');
  const fresh = new Desk(await t.device('fresh'), t.origin);
  await fresh.signIn('nora.bell');
  await fresh.synced();
  const now = await build(fresh.page);
  assert.notEqual(now, old, 'both are the same build: keep an older one');
  await fresh.fullNames();
  await fresh.intakeOf('Older Buildman');
  assert.equal((await fresh.finds('Buildwoman')).length, 1);

  // The other way: what this build writes reaches the page of the previous one, which then becomes this one.
  await fresh.register({ family: 'Newbuildman', given: 'Newer', birth: ['1', '1', '1971'], sex: 'male', phone: '' });
  await eventually('the newer entry in the older page', async () => (await desk.finds('Newbuildman')).length === 1, { timeout: 60_000 });
  await t.server.kill();
  await desk.register({ family: 'Betweenson', given: 'Unsent', birth: ['2', '2', '1972'], sex: 'male', phone: '' });
  await t.server.start();
  await desk.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await desk.page.locator('[data-banner="update"] button').click({ timeout: 60_000 });
  await desk.unlock();
  assert.equal(await build(desk.page), now);
  // The page is there before everybody can be found.
  await eventually('what was not sent', async () => (await desk.finds('Betweenson')).length === 1);
  await desk.state('sent', 60_000);
  await eventually('the last entry', async () => (await fresh.finds('Betweenson')).length === 1, { timeout: 60_000 });
}, { seconds: 180 });
