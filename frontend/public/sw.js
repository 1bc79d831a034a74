// Service worker of one app, filled in by the page build. It keeps the page and its code, never an answer of the server.
// A build is installed whole or not at all: every file carries its hash, so a half-deployed server cannot mix two builds.
const KIOSK = '{{app}}' === 'kiosk';
const PREFIX = '{{app}}-';
const CACHE = PREFIX + '{{build}}';
const SHELL = '{{shell}}';
const FILES = JSON.parse('{{files}}'); // path -> integrity
const RAN = '/.ran'; // marks a cache whose build has been in charge
const NEVER = /^\/(api|blob|fhir|healthz|readyz|metrics|me|n|p|feeds|hooks)(\/|$)/;
const KIOSK_PATH = /^\/kiosk(\/|$)/;

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('message', (event) => {
  if (event.data === 'skipWaiting') self.skipWaiting();
});

async function install() {
  const known = await caches.has(CACHE);
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll(
      Object.entries(FILES).map(([path, integrity]) => new Request(path, { integrity, cache: 'no-cache' })),
    );
  } catch (cause) {
    if (!known) await caches.delete(CACHE);
    throw cause;
  }
}

/** Keeps this build and the one in charge before it, for windows that still run it; older ones go. */
async function activate() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const older = names.slice(0, Math.max(names.indexOf(CACHE), 0)); // a newer build may be installing right now
  const ran = [];
  for (const name of older) if (await (await caches.open(name)).match(RAN)) ran.push(name);
  const previous = ran.at(-1);
  await Promise.all(older.filter((name) => name !== previous).map((name) => caches.delete(name)));
  await (await caches.open(CACHE)).put(RAN, new Response(''));
  await self.clients.claim();
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || NEVER.test(url.pathname)) return;
  if (request.mode === 'navigate') {
    const file = url.pathname.split('/').at(-1).includes('.');
    if (!file && KIOSK_PATH.test(url.pathname) === KIOSK) event.respondWith(shell(request));
  } else if (url.pathname in FILES || url.pathname.startsWith('/pkg/')) {
    event.respondWith(stored(request, url.pathname));
  }
});

async function shell(request) {
  return (await (await caches.open(CACHE)).match(SHELL)) ?? fetch(request);
}

/** This build's file, else the same path in an older build's cache, else the network. */
async function stored(request, path) {
  const own = await (await caches.open(CACHE)).match(path, { ignoreVary: true });
  return own ?? (await caches.match(path, { ignoreVary: true })) ?? fetch(request);
}
