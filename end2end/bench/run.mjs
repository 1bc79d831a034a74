// Measures what the README claims. Medians of five; the figures belong to the machine they were measured on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rig } from '../lib/rig.mjs';
import { SITE } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';
import { Kiosk, someone } from '../pages/kiosk.mjs';
import { TIMES, at, kb, line, ms, noteTasks, tasksSoFar } from './figures.mjs';
import { listeners } from './listeners.mjs';
import { writePatients } from './patients.mjs';

/** Patients on a desk's device, beside the demo's. */
const MANY = Number(process.env.ANTEROOM_BENCH_PATIENTS ?? 20_000);
/** Devices that listen while one edits. */
const LISTENERS = 100;
const SLOW = { offline: false, latency: 170, downloadThroughput: (9 * 1024 * 1024) / 8, uploadThroughput: (1.5 * 1024 * 1024) / 8 };
const FREE = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
const TABLET = { viewport: { width: 1024, height: 768 } };

const { server, device, drop, end } = rig('bench');

/** A tablet's processor and a mobile network, or neither. */
async function throttle(one, on) {
  await one.cdp.send('Network.enable');
  await one.cdp.send('Network.emulateNetworkConditions', on ? SLOW : FREE);
  await one.cdp.send('Emulation.setCPUThrottlingRate', { rate: on ? 4 : 1 });
}

/** From the navigation to the moment the app says it is ready, by the page's own clock. */
async function interactive(one, url) {
  await one.page.goto(url, { waitUntil: 'commit' });
  await one.page.locator('html[data-ready]').waitFor({ state: 'attached', timeout: 60_000 });
  return one.page.evaluate(() => globalThis.readyAt);
}
const noteReady = () => {
  new MutationObserver((_, self) => {
    if (!('ready' in document.documentElement.dataset)) return;
    globalThis.readyAt = performance.now();
    self.disconnect();
  }).observe(document, { attributes: true, childList: true, subtree: true, attributeFilter: ['data-ready'] });
};

async function loading() {
  const build = JSON.parse(readFileSync(join(SITE, 'build.json'), 'utf8'));
  line('kiosk, first load, brotli', kb(build.kiosk_first_load_br));
  line('staff, first load, brotli', kb(build.staff_first_load_br));
  const url = `${server.origin}/kiosk`;
  const [first, again, offline] = [[], [], []];
  for (let time = 0; time < TIMES; time += 1) {
    const one = await device('load', { ...TABLET, init: noteReady });
    await throttle(one, true);
    first.push(await interactive(one, url));
    await throttle(one, false);
    await one.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    await throttle(one, true);
    again.push(await interactive(one, url));
    await server.kill();
    offline.push(await interactive(one, url));
    await server.start();
    await drop(one);
  }
  line('kiosk, interactive, first visit (CPU 4x slower, 9 Mbps, 170 ms)', ms(first));
  line('kiosk, interactive, repeat visit (same)', ms(again));
  line('kiosk, interactive, repeat visit without a server (CPU 4x slower)', ms(offline));
}

/** A device that has nothing fetches everybody; then it is unlocked without a server. */
async function unlocking() {
  const fresh = [];
  const one = new Desk(await device('fresh', { init: `(${noteTasks})(); (${noteReady})();` }), server.origin);
  await one.signIn('nora.bell');
  const begun = Date.now();
  await eventually('everybody on the fresh device', async () => (await one.known()) > MANY, { timeout: 120_000, every: 20 });
  line(`desk, first sync of ${MANY} patients, from the sign-in`, `${Date.now() - begun} ms`);
  const arrived = await one.page.evaluate(() => globalThis.readyAt);
  line('  main-thread tasks while it comes, after the page itself has started', await tasksSoFar(one, arrived));
  await one.state('sent', 60_000);
  await server.kill();
  const waits = [];
  for (let time = 0; time < TIMES; time += 1) {
    await one.page.reload();
    await one.page.locator('#passphrase').waitFor();
    const from = Date.now();
    await one.unlock();
    fresh.push(Date.now() - from);
    await eventually('everybody after unlocking', async () => (await one.known()) > MANY, { timeout: 60_000, every: 5 });
    waits.push(Date.now() - from);
  }
  line(`desk, unlock offline with ${MANY} patients, until the page is there`, ms(fresh));
  line('  until everybody can be found', ms(waits));
  await server.start();
  await drop(one.device);
}

/** Each letter's cost at the desk: from the key to the frame that shows the answer. */
async function search(desk) {
  const known = await desk.known();
  const names = ['martinez', 'johnson', '1984', 'smith ann', 'garcia'];
  const each = [];
  for (const words of names) {
    await desk.page.fill('#patient-search', '');
    each.push(
      ...(await desk.page.evaluate(async (words) => {
        const input = document.querySelector('#patient-search');
        const costs = [];
        for (let end = 1; end <= words.length; end += 1) {
          await new Promise(requestAnimationFrame);
          const begun = performance.now();
          input.value = words.slice(0, end);
          input.dispatchEvent(new InputEvent('input', { bubbles: true }));
          await new Promise((done) => setTimeout(done)); // effects run before this
          document.body.offsetHeight; // layout too
          costs.push(performance.now() - begun);
        }
        return costs;
      }, words)),
    );
  }
  line(`desk, search, one key over ${known} patients on the device, median`, ms(each));
  line('desk, search, one key, 95th percentile', `${at(each, 0.95).toFixed(1)} ms`);
}

/** From the press on Send to the words that say where the answers are. */
async function commits(kiosk) {
  const each = [];
  await server.kill();
  for (let time = 0; time < TIMES; time += 1) {
    await kiosk.begin();
    await kiosk.walk(someone({ given: 'Bench', family: `Number${time}` }));
    for (let pages = 0; pages < 12 && !/Send/.test(await kiosk.page.locator('#continue').innerText()); pages += 1) await kiosk.next();
    each.push(
      await kiosk.page.evaluate(
        () =>
          new Promise((done) => {
            const begun = performance.now();
            new MutationObserver((_, self) => {
              if (!/Saved on this tablet|Sent to clinic/.test(document.querySelector('#state-words')?.textContent ?? '')) return;
              self.disconnect();
              done(performance.now() - begun);
            }).observe(document.body, { childList: true, subtree: true, characterData: true });
            document.querySelector('#continue').click();
          }),
      ),
    );
    await kiosk.finish();
  }
  line('kiosk, from "Send" to "Saved on this tablet", without a server', ms(each));
  await server.start();
}

/** From one desk's save to the other desk's screen, by the poke. */
async function pokes(one, two) {
  const [id] = await one.finds('an');
  const name = await one.openPatient('an', id);
  await two.openPatient(name, id);
  const each = [];
  for (let time = 0; time < TIMES; time += 1) {
    const number = `555 013 ${7000 + time}`;
    await one.page.click('#edit-contact');
    await one.page.fill('#mobile-phone', number);
    const seen = eventually('the number on the other desk', async () => (await two.card('contact').innerText()).includes(String(7000 + time)), { every: 5 }).then(() => Date.now());
    const begun = Date.now();
    await one.page.click('#save-contact');
    each.push((await seen) - begun);
    await one.state('sent');
  }
  line('from one desk’s save to the other desk’s screen', ms(each));
}

/** From one desk's save to a hundred devices that listen. */
async function crowd(one, two) {
  const [id] = await one.finds('an');
  await one.openPatient('an', id);
  let number = 0;
  const save = async () => {
    await one.page.click('#edit-contact');
    await one.page.fill('#mobile-phone', `555 014 ${7000 + (number += 1)}`);
    return () => one.page.click('#save-contact');
  };
  const each = await listeners(two, save, { count: LISTENERS, times: 10 });
  line(`from one desk’s save to ${LISTENERS} listening devices, over HTTP, median`, ms(each));
  line('  95th percentile', `${at(each, 0.95).toFixed(0)} ms`);
}

/** From a kiosk's "Send" to the desk's list. */
async function arrivals(kiosk, desk) {
  await desk.fullNames();
  const each = [];
  for (let time = 0; time < TIMES; time += 1) {
    const family = `Arrival${time}`;
    await kiosk.begin();
    await kiosk.walk(someone({ given: 'Bench', family }));
    for (let pages = 0; pages < 12 && !/Send/.test(await kiosk.page.locator('#continue').innerText()); pages += 1) await kiosk.next();
    const seen = desk.intakeOf(`Bench ${family}`);
    const begun = Date.now();
    await kiosk.page.click('#continue');
    each.push((await seen) - begun);
    await kiosk.finish();
  }
  line('from the kiosk’s "Send" to the desk’s list', ms(each));
}

/** The importer, through the same commands as everything else, into the running practice. */
function imports() {
  const file = join(server.data, 'patients.ndjson');
  const { bytes } = writePatients(file, MANY);
  const begun = performance.now();
  server.cli('import', 'fhir', file);
  const seconds = (performance.now() - begun) / 1000;
  line(`import fhir, ${MANY} Patient + Coverage, ${(bytes / 1e6).toFixed(0)} MB of ndjson`, `${(MANY / seconds).toFixed(0)} registrations/s`);
}

let code = 0;
try {
  await server.start();
  await loading();
  const kiosk = new Kiosk(await device('kiosk', TABLET), server.origin);
  await kiosk.enrol();
  await commits(kiosk);
  const nora = new Desk(await device('nora', { init: noteTasks }), server.origin);
  const theo = new Desk(await device('theo'), server.origin);
  await nora.signIn('nora.bell');
  await nora.synced();
  await theo.signIn('theo.price');
  await theo.synced();
  await crowd(nora, theo);
  await tasksSoFar(nora);
  imports();
  await eventually('everybody on the device', async () => {
    await nora.go('/outbox');
    await nora.go('/desk');
    return (await nora.known()) > MANY;
  }, { timeout: 180_000, every: 2_000 });
  line('desk, main-thread tasks while another imports them', await tasksSoFar(nora));
  await unlocking();
  await search(nora);
  await pokes(nora, theo);
  await arrivals(kiosk, nora);
} catch (error) {
  console.error(`bench: ${error.stack}`);
  code = 1;
} finally {
  await end();
}
process.exit(code);
