// Ten thousand patients with a coverage each, made of the demo's real samples: same shape and size, other names and ids.
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SAMPLES = fileURLToPath(new URL('../../server/src/seed/patients.ndjson', import.meta.url));

/** Writes `count` Patient and Coverage lines; how many bytes they are, and the patients' ids. */
export function writePatients(path, count) {
  const samples = readFileSync(SAMPLES, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const people = samples.filter((one) => one.resourceType === 'Patient');
  const families = people.map((one) => one.name[0].family.replace(/\d+$/, ''));
  const given = people.map((one) => one.name[0].given[0].replace(/\d+$/, ''));
  const [lines, ids] = [[], []];
  for (let n = 0; n < count; n += 1) {
    const person = structuredClone(people[n % people.length]);
    person.id = randomUUID();
    // Every pair of names occurs, most of them many times, as in a town.
    person.name = [{ use: 'official', family: families[(n * 7) % families.length], given: [given[Math.floor(n / 3) % given.length], given[n % given.length]] }];
    person.birthDate = new Date(Date.UTC(1930 + (n % 90), n % 12, 1 + (n % 28))).toISOString().slice(0, 10);
    person.identifier = [{ system: 'urn:bench', value: person.id }];
    delete person.deceasedDateTime;
    ids.push(person.id);
    lines.push(JSON.stringify(person));
    lines.push(JSON.stringify({
      resourceType: 'Coverage',
      id: randomUUID(),
      status: 'active',
      type: { text: 'Lakeside Health PPO' },
      subscriberId: `LH${1_000_000 + n}`,
      beneficiary: { reference: `Patient/${person.id}` },
      relationship: { coding: [{ code: 'self' }] },
      period: { start: '2024-01-01' },
      payor: [{ display: 'Lakeside Health' }],
    }));
  }
  const text = lines.join('\n') + '\n';
  writeFileSync(path, text);
  return { bytes: Buffer.byteLength(text), ids };
}
