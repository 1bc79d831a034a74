// Runs every journey in tests/, one after the other, against a real server.
//   node run.mjs [word …]     only journeys whose file or name holds one of the words
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { journeys, runAll } from './lib/journey.mjs';

const folder = new URL('./tests/', import.meta.url);
for (const name of readdirSync(folder).filter((name) => name.endsWith('.spec.mjs')).sort()) {
  const before = journeys.length;
  await import(new URL(name, folder));
  for (const one of journeys.slice(before)) one.file = basename(name, '.spec.mjs');
}
const words = process.argv.slice(2);
const chosen = words.length ? journeys.filter((one) => words.some((word) => `${one.file} ${one.name}`.includes(word))) : journeys;
process.exit(await runAll(chosen));
