// Appointments for the demo's practitioners, on weekdays to come; and one day that is as full as a day can be.
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const SITES = ['Maple Street', 'Harbor Point'];
const PEOPLE = ['Samuel Okafor', 'Lucía Ferrer', 'Hannah Weiss', 'Daniel Cho', 'Priya Raman', 'Marcus Bright'];
/** Six in the morning at the demo's sites, by either of its clocks. */
const OPENS = 12;

/** The weekday so many weekdays after today. */
export function weekday(after) {
  const day = new Date();
  for (let left = after; left > 0;) {
    day.setUTCDate(day.getUTCDate() + 1);
    if (day.getUTCDay() !== 0 && day.getUTCDay() !== 6) left -= 1;
  }
  return day.toISOString().slice(0, 10);
}

function appointment(day, minute, minutes, at, patient) {
  const start = new Date(Date.parse(`${day}T00:00:00Z`) + (OPENS * 60 + minute) * 60_000);
  return JSON.stringify({
    resourceType: 'Appointment',
    id: randomUUID(),
    status: 'booked',
    serviceType: [{ text: 'Follow-up' }],
    start: start.toISOString(),
    minutesDuration: minutes,
    participant: [
      { actor: { reference: `Patient/${patient}` } },
      { actor: { type: 'Practitioner', display: PEOPLE[at] } },
      { actor: { type: 'Location', display: SITES[at % 2] } },
    ],
  });
}

/**
 * Writes `count` appointments of `patients`: on `full.day`, `full.count` at the first site, as short as a visit can be;
 * the others a quarter of an hour each from `first` weekdays on, everybody's ten hours full.
 */
export function writeAppointments(path, patients, count, full, first) {
  const lines = [];
  const whom = () => patients[lines.length % patients.length];
  const there = PEOPLE.map((_, at) => at).filter((at) => at % 2 === 0);
  for (let n = 0; n < full.count; n += 1) {
    lines.push(appointment(full.day, 5 * Math.floor(n / there.length), 5, there[n % there.length], whom()));
  }
  for (let on = first; lines.length < count; on += 1) {
    const day = weekday(on);
    for (let minute = 0; minute < 600 && lines.length < count; minute += 15) {
      for (let at = 0; at < PEOPLE.length && lines.length < count; at += 1) lines.push(appointment(day, minute, 15, at, whom()));
    }
  }
  const text = lines.join('\n') + '\n';
  writeFileSync(path, text);
  return Buffer.byteLength(text);
}
