// The real server with its private Postgres, on a free port and in a folder of its own.
import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, OUT, PASSPHRASE, SITE } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';

/** A port that nobody uses now. */
export function freePort() {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

export class Server {
  constructor({ bin = BIN, site = SITE, command = 'demo' } = {}) {
    this.command = command;
    this.bin = bin;
    this.site = site;
    // Postgres runs as another user when this is root, and must be able to enter the folder. Its socket lies inside,
    // and the path of a socket is short by law.
    const parent = process.getuid?.() === 0 ? '/var/lib' : tmpdir();
    this.data = mkdtempSync(join(parent, 'anteroom-e2e-'));
    this.process = null;
  }

  get running() {
    return this.process !== null;
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it and waits until it can serve. Always on the same port, so that devices find it again. */
  async start({ timeout = 120_000 } = {}) {
    this.port ??= await freePort();
    const env = { ...process.env, ANTEROOM_BIND: `127.0.0.1:${this.port}`, ANTEROOM_DATA: this.data, ANTEROOM_SITE: this.site };
    env.RUST_LOG ??= 'warn';
    for (const name of ['DATABASE_URL', 'DATABASE_ADMIN_URL', 'ANTEROOM_MASTER_KEY']) delete env[name];
    mkdirSync(OUT, { recursive: true });
    const log = createWriteStream(join(OUT, 'server.log'), { flags: 'a' });
    const child = spawn(this.bin, [this.command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    this.process = child;
    let ended = false;
    this.gone = new Promise((done) => {
      child.once('exit', () => {
        ended = true;
        if (this.process === child) this.process = null;
        done();
      });
    });
    await eventually(
      'the server',
      async () => {
        if (ended) return 'ended';
        return (await fetch(`${this.origin}/readyz`)).ok;
      },
      { timeout, every: 50 },
    );
    if (ended) throw new Error(`the server ended at once; see ${join(OUT, 'server.log')}`);
  }

  /** Runs another command of the program on the same practice; what it said. */
  cli(...args) {
    const env = { ...process.env, ANTEROOM_DATA: this.data, ANTEROOM_SITE: this.site, ANTEROOM_PASSPHRASE: PASSPHRASE };
    for (const name of ['DATABASE_URL', 'DATABASE_ADMIN_URL', 'ANTEROOM_MASTER_KEY']) delete env[name];
    const done = spawnSync(this.bin, args, { env, encoding: 'utf8', timeout: 600_000 });
    if (done.status !== 0) throw new Error(`anteroom ${args.join(' ')}: ${done.stdout}${done.stderr}`);
    return done.stdout;
  }

  /** The power is cut: no goodbye. Postgres stays, as it would if only the program crashed. */
  async kill() {
    this.process?.kill('SIGKILL');
    await this.gone;
  }

  /** Ends server and Postgres, and deletes what they kept. */
  async remove() {
    await this.kill();
    const pid = this.postgres();
    if (pid) {
      process.kill(pid, 'SIGQUIT');
      await eventually('the end of Postgres', () => this.postgres() === null).catch(() => {});
    }
    rmSync(this.data, { recursive: true, force: true });
  }

  /** The number of our own Postgres, if it runs: believed only when that process names our folder. */
  postgres() {
    const file = join(this.data, 'postgres/postmaster.pid');
    if (!existsSync(file)) return null;
    const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.data) ? pid : null;
    } catch {
      return null;
    }
  }
}
