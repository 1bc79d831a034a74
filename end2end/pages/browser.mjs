// A device: one browser process with a profile on disk, which can be cut off and started again.
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { CHROMIUM } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';

const FLAGS = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
  '--disable-sync', '--disable-dev-shm-usage',
];

export class Device {
  constructor(name, { viewport = { width: 1280, height: 800 }, colorScheme = 'light', reducedMotion = 'reduce', init } = {}) {
    this.name = name;
    this.options = { viewport, colorScheme, reducedMotion };
    this.init = init;
    this.profile = mkdtempSync(join(tmpdir(), `anteroom-${name}-`));
    this.console = [];
    this.errors = [];
  }

  /** Starts the browser, with the profile as the last one left it. */
  async start() {
    this.context = await chromium.launchPersistentContext(this.profile, {
      executablePath: CHROMIUM,
      headless: true,
      args: FLAGS,
      ...this.options,
    });
    this.context.setDefaultTimeout(20_000);
    await this.context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`Content Security Policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`);
      });
    });
    if (this.init) await this.context.addInitScript(this.init);
    this.context.on('console', (line) => {
      this.console.push(`${line.type()}: ${line.text()}`);
      if (process.env.ANTEROOM_E2E_VERBOSE) console.log(`  [${this.name}] ${line.type()}: ${line.text()}`);
    });
    this.context.on('weberror', (error) => this.errors.push(String(error.error()?.stack ?? error.error())));
    this.page = this.context.pages()[0] ?? (await this.context.newPage());
    this.cdp = await this.context.newCDPSession(this.page);
    await this.keepStorage();
  }

  /** As an installed app would have it. Where the browser has no such switch, the app only warns. */
  async keepStorage() {
    for (const name of ['durable-storage', 'persistent-storage']) {
      const done = await this.cdp.send('Browser.setPermission', { permission: { name }, setting: 'granted' }).then(() => true, () => false);
      if (done) return true;
    }
    return false;
  }

  /** Ends the process without a goodbye. */
  async kill() {
    const pid = Number(readlinkSync(join(this.profile, 'SingletonLock')).split('-').pop());
    const closed = new Promise((done) => this.context.once('close', done));
    process.kill(pid, 'SIGKILL');
    await closed;
    await eventually('the end of the browser', () => !alive(pid));
    for (const name of ['SingletonLock', 'SingletonCookie', 'SingletonSocket']) rmSync(join(this.profile, name), { force: true });
    this.page = null;
  }

  /** Browsers write cookies down only now and then. Waits until this one is on disk, so that it outlives a kill. */
  async cookieKept(name) {
    await eventually(`the cookie ${name} on disk`, () => {
      const files = ['Default/Cookies', 'Default/Network/Cookies'].map((file) => join(this.profile, file)).filter((file) => existsSync(file));
      return files.some((file) => readFileSync(file).includes(name));
    }, { timeout: 60_000, every: 500 });
  }

  async close() {
    await this.context?.close().catch(() => {});
    this.page = null;
  }

  /** Closes, and deletes the profile. */
  async dispose() {
    await this.close();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** A picture; nothing is injected for it, since the page's own policy would refuse that. */
  async shot(path) {
    await this.page.screenshot({ path, caret: 'initial', animations: 'allow' });
  }

  /** Every file of the profile that holds one of the words, in UTF-8, UTF-16 or Latin-1. */
  filesWith(words) {
    const needles = words.flatMap((word) => [Buffer.from(word, 'utf8'), Buffer.from(word, 'utf16le'), Buffer.from(word, 'latin1')]);
    return walk(this.profile).filter((path) => {
      const bytes = readFileSync(path);
      return needles.some((needle) => bytes.includes(needle));
    }).map((path) => path.slice(this.profile.length + 1));
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function walk(dir) {
  return readdirSync(dir).flatMap((name) => {
    const path = join(dir, name);
    const stat = statSync(path, { throwIfNoEntry: false });
    if (!stat) return [];
    return stat.isDirectory() ? walk(path) : stat.isFile() ? [path] : [];
  });
}
