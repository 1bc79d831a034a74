// Starts one app, watches for a crash, and keeps its service worker. Filled in by the page build, once per app.
// The app listens for `anteroom:update-ready` and decides when to call `anteroomApplyUpdate()`; nothing here reloads unasked.
const GLUE = '{{glue}}';
const WORKER = '{{worker}}';
const SCOPE = '{{scope}}';

const root = document.documentElement;
if (/^es\b/i.test(navigator.language)) root.lang = 'es';
if (root.dataset.density === 'staff' && matchMedia('(max-width: 639px)').matches) root.dataset.density = 'phone';

/** Covers the page with the static overlay. It holds no text from the app, so it works when the app cannot. */
function crashed(id) {
  const overlay = document.getElementById('crash');
  if (!overlay?.hidden) return;
  document.getElementById('crash-id').textContent = id ?? '';
  document.getElementById('app').inert = true;
  document.getElementById('app').hidden = true;
  document.querySelectorAll('dialog[open]').forEach((open) => open.close());
  document.getElementById('skeleton')?.remove();
  overlay.hidden = false;
  document.getElementById('crash-reload').focus();
}
document.getElementById('crash-reload').addEventListener('click', () => location.reload());
addEventListener('anteroom:crash', (event) => crashed(event.detail));
// a panic is a trap without words: where it happened, in the code of this build, is its number
const fatal = (cause) => cause instanceof WebAssembly.RuntimeError && crashed(/wasm-function\[\d+\]:(0x[0-9a-f]+)/.exec(cause.stack)?.[1]);
addEventListener('error', (event) => fatal(event.error));
addEventListener('unhandledrejection', (event) => fatal(event.reason));

let registration;
const announce = () => {
  window.anteroomUpdateReady = true; // for an app that starts to listen later
  dispatchEvent(new CustomEvent('anteroom:update-ready'));
};

/** Asks the waiting worker to take over, then loads the new page. Call it once drafts are kept. */
window.anteroomApplyUpdate = () => {
  const waiting = registration?.waiting;
  if (!waiting) return location.reload();
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.postMessage('skipWaiting');
};

async function keepWorker() {
  if (!('serviceWorker' in navigator)) return;
  registration = await navigator.serviceWorker.register(WORKER, { scope: SCOPE, updateViaCache: 'none' });
  const first = registration.active;
  if (registration.waiting && first) announce();
  registration.addEventListener('updatefound', () => {
    const fresh = registration.installing;
    fresh?.addEventListener('statechange', () => fresh.state === 'installed' && registration.active && announce());
  });
  // another window took the update: this one still runs the old page and is told so
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    const now = navigator.serviceWorker.controller;
    if (first && now && now !== first && now.scriptURL === first.scriptURL) announce();
  });
  const look = () => registration.update().catch(() => {}); // offline is not an error
  setInterval(look, 30 * 60 * 1000);
  addEventListener('online', look);
}

try {
  const app = await import(GLUE);
  await app.default();
  app.boot();
  document.getElementById('skeleton')?.remove();
  root.dataset.ready = '';
} catch (cause) {
  console.error(cause);
  crashed();
}
keepWorker().catch((cause) => console.warn('no service worker', cause));
