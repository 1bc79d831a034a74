// PouchDB against express-pouchdb over loopback, with the documents that the sync benchmark wrote to files:
//   node pouch.mjs memory|leveldb PUSHED.ndjson ROWS.ndjson
// Prints one line of JSON. The server is a process of its own, as it would be; both ends keep documents the same way.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import expressPouch from 'express-pouchdb';
import PouchDB from 'pouchdb';
import memory from 'pouchdb-adapter-memory';

const EDITS = 30;
// Larger than its default of 100, which is slower.
const BATCH = { batch_size: 500, batches_limit: 10 };

PouchDB.plugin(memory);

const kept = (arm, folder) => PouchDB.defaults(arm === 'memory' ? { adapter: 'memory' } : { adapter: 'leveldb', prefix: `${folder}/` });

/** Rows as documents: the same values under an id of their own. */
const documents = (file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const { entity, body } = JSON.parse(line);
      return { _id: `${entity}:${body.id}`, entity, ...body };
    });

async function fill(db, docs) {
  for (let from = 0; from < docs.length; from += 1000) await db.bulkDocs(docs.slice(from, from + 1000));
}

async function serve(arm, folder) {
  const Kept = kept(arm, folder);
  const app = express();
  app.use('/', expressPouch(Kept, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: join(folder, 'log.txt') }));
  const server = app.listen(0, '127.0.0.1');
  const sockets = new Set();
  let gone = 0;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      gone += socket.bytesRead + socket.bytesWritten;
    });
  });
  await once(server, 'listening');
  process.on('message', async ({ ask, name, file }) => {
    if (ask === 'fill') await fill(new Kept(name), documents(file));
    process.send({ bytes: [...sockets].reduce((sum, socket) => sum + socket.bytesRead + socket.bytesWritten, gone) });
  });
  process.send({ port: server.address().port });
}

async function measure(arm, pushed, rows) {
  const folder = mkdtempSync(join(tmpdir(), 'anteroom-pouch-'));
  const server = fork(fileURLToPath(import.meta.url), ['serve', arm, folder], { execArgv: ['--max-old-space-size=8192'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    const [{ port }] = await once(server, 'message');
    const ask = async (message) => {
      const answer = once(server, 'message');
      server.send(message);
      return (await answer)[0].bytes;
    };
    const Local = kept(arm, `${folder}`);
    const remote = (name) => new PouchDB(`http://127.0.0.1:${port}/${name}`);
    const timed = async (count, work) => {
      const bytes = await ask({ ask: 'bytes' });
      const begun = performance.now();
      const done = await work();
      const seconds = (performance.now() - begun) / 1000;
      if (done.docs_written !== count) throw new Error(`${done.docs_written} documents instead of ${count}`);
      return { rate: count / seconds, bytes: ((await ask({ ask: 'bytes' })) - bytes) / count };
    };

    const outbox = new Local('outbox');
    const docs = documents(pushed);
    await fill(outbox, docs);
    const push = await timed(docs.length, () => outbox.replicate.to(remote('clinic'), BATCH));

    await ask({ ask: 'fill', name: 'whole', file: rows });
    const count = readFileSync(rows, 'utf8').split('\n').filter(Boolean).length;
    const first = await timed(count, () => remote('whole').replicate.to(new Local('whole-here'), BATCH));

    return {
      push_rate: push.rate,
      push_bytes: push.bytes,
      first_rate: first.rate,
      first_bytes: first.bytes,
      live_p95_ms: await live(new Local('one'), new Local('two'), remote('live'), docs[0]),
    };
  } finally {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** From a save on one device to the other device's change, with both in live replication. */
async function live(one, two, shared, like) {
  const out = one.replicate.to(shared, { live: true, retry: true });
  const back = shared.replicate.to(two, { live: true, retry: true });
  const waiting = new Map();
  const changes = two.changes({ live: true, since: 'now' }).on('change', ({ id }) => waiting.get(id)?.());
  const times = [];
  for (let edit = -3; edit < EDITS; edit += 1) {
    const id = `edit:${edit}`;
    const seen = new Promise((done) => waiting.set(id, done));
    const begun = performance.now();
    await one.put({ ...like, _id: id });
    await seen;
    // The first few find connections and databases that are not there yet.
    if (edit >= 0) times.push(performance.now() - begun);
  }
  for (const one of [out, back, changes]) one.cancel();
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)];
}

const [first, ...rest] = process.argv.slice(2);
if (first === 'serve') {
  await serve(...rest);
} else {
  const figures = await measure(first, ...rest);
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
}
