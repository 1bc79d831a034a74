// A small runner: each journey has its own browsers, all share one server that is really stopped and started.
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Device } from '../pages/browser.mjs';
import { Server } from '../pages/server.mjs';
import { OUT, missing } from './settings.mjs';

const SECONDS = 120;

export const journeys = [];

/** journey('what happens', async (t) => …, { seconds }) */
export function journey(name, run, { seconds = SECONDS } = {}) {
  journeys.push({ name, run, seconds });
}

/** What one journey is given. */
class Stage {
  constructor(server) {
    this.server = server;
    this.devices = [];
    this.notes = [];
    this.last = [];
  }
  get origin() {
    return this.server.origin;
  }
  /** A browser with a profile of its own. */
  async device(name, options) {
    const device = new Device(name, options);
    this.devices.push(device);
    await device.start();
    return device;
  }
  /** A measured figure or other fact, printed behind the journey's line. */
  note(text) {
    this.notes.push(text);
  }
  /** Done at the end, whatever happens. */
  finally(undo) {
    this.last.push(undo);
  }
  /** What must never happen in any journey. */
  complaints() {
    return this.devices.flatMap((device) => [
      ...device.console.filter((line) => line.includes('Content Security Policy')).map((line) => `${device.name}: ${line}`),
      ...device.errors.map((line) => `${device.name}: uncaught ${line}`),
    ]);
  }
  async close() {
    for (const undo of this.last.reverse()) await undo().catch(() => {});
    await Promise.all(this.devices.map((device) => device.dispose()));
  }
}

export async function runAll(list) {
  const lacks = missing();
  if (lacks) {
    console.error(`end2end: ${lacks}`);
    return 1;
  }
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  const server = new Server();
  let stage = null;
  const stop = async (code) => {
    await stage?.close().catch(() => {});
    await server.remove();
    process.exit(code);
  };
  process.once('SIGINT', () => stop(130));
  process.once('SIGTERM', () => stop(143));

  let passed = 0;
  const failed = [];
  try {
    await server.start();
    for (const one of list) {
      const begun = Date.now();
      const slug = `${one.file}-${one.name}`.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 70);
      stage = new Stage(server);
      let timer;
      try {
        if (!server.running) await server.start();
        const late = new Promise((_, fail) => {
          timer = setTimeout(() => fail(new Error(`took longer than ${one.seconds} s`)), one.seconds * 1000);
        });
        const work = one.run(stage);
        work.catch(() => {}); // after a timeout nobody else listens
        await Promise.race([work, late]);
        const wrong = stage.complaints();
        if (wrong.length) throw new Error(wrong.slice(0, 5).join('\n'));
        passed += 1;
        console.log(`ok      ${one.file}: ${one.name} (${seconds(begun)})`);
      } catch (error) {
        failed.push(one);
        console.log(`FAILED  ${one.file}: ${one.name} (${seconds(begun)})`);
        console.log(String(error?.stack ?? error).split('\n').slice(0, 14).map((line) => `        ${line}`).join('\n'));
        await keep(stage, slug, error);
      } finally {
        clearTimeout(timer);
        for (const note of stage.notes) console.log(`        ${note}`);
        await stage.close().catch((error) => console.error(`        while closing: ${error.message}`));
        stage = null;
      }
    }
  } catch (error) {
    console.error(`end2end: ${error.message}`);
    failed.push({ name: 'the server' });
  } finally {
    await server.remove();
  }
  console.log(`${passed} passed, ${failed.length} failed`);
  return failed.length ? 1 : 0;
}

const seconds = (begun) => `${((Date.now() - begun) / 1000).toFixed(1)} s`;

/** Pictures and logs of a failure. */
async function keep(stage, slug, error) {
  for (const device of stage.devices) {
    const base = join(OUT, `${slug}-${device.name}`);
    writeFileSync(`${base}.log`, `${error?.stack ?? error}\n\n${device.console.join('\n')}\n\n${device.errors.join('\n')}\n`);
    if (!device.page) continue;
    await device.shot(`${base}.png`).catch(() => {});
    const html = await device.page.content().catch(() => '');
    appendFileSync(`${base}.log`, `\n${device.page.url()}\n${html}\n`);
  }
}
