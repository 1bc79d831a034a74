// Where things are, from the environment or by default.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';

export const HERE = fileURLToPath(new URL('..', import.meta.url));
export const ROOT = resolve(HERE, '..');
export const OUT = resolve(process.env.ANTEROOM_E2E_OUT || join(HERE, 'out'));
export const BIN = resolve(process.env.ANTEROOM_BIN || join(ROOT, 'target/debug/anteroom'));
export const SITE = resolve(process.env.ANTEROOM_SITE || join(ROOT, 'target/site'));
export const CHROMIUM =
  process.env.ANTEROOM_CHROMIUM ||
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'].find(existsSync);

export const PASSPHRASE = 'demo-anteroom-passphrase';
export const KIOSK_CODE = 'DEMO-KIOSK';
export const PIN = '2468';

/** What must be there before anything can run; a sentence with the way to get it. */
export function missing() {
  if (!existsSync(BIN)) return `the server is not built (${BIN}). Run 'cargo build -p server', or set ANTEROOM_BIN.`;
  if (!existsSync(join(SITE, 'build.json'))) return `the pages are not built (${SITE}). Run 'make page', or set ANTEROOM_SITE.`;
  if (!CHROMIUM || !existsSync(CHROMIUM)) return "no Chromium was found. Run '.make/setup.sh test', or set ANTEROOM_CHROMIUM.";
  return null;
}
