// The front desk's day at size: tens of thousands of appointments, a full calendar, the search for open times, bookings
// one after the other, and many boards that listen. The figures belong to the machine they were measured on.
import { join } from 'node:path';
import { rig } from '../lib/rig.mjs';
import { eventually } from '../lib/wait.mjs';
import { walkIn } from '../pages/board.mjs';
import { Calendar } from '../pages/calendar.mjs';
import { Desk } from '../pages/desk.mjs';
import { weekday, writeAppointments } from './appointments.mjs';
import { TIMES, at, line, ms, noteTasks, tasksSoFar } from './figures.mjs';
import { listeners } from './listeners.mjs';
import { writePatients } from './patients.mjs';

const PATIENTS = Number(process.env.ANTEROOM_BENCH_PATIENTS ?? 5_000);
const APPOINTMENTS = Number(process.env.ANTEROOM_BENCH_APPOINTMENTS ?? 50_000);
/** Drawn on one day at one site. */
const FULL = Math.min(300, APPOINTMENTS);
/** Weekdays from today to that day, and to those that are full everywhere. */
const [FULL_ON, FIRST] = [3, 10];
/** Boards that are open while one desk says where a patient is. */
const BOARDS = 50;
const BOOKINGS = 20;

const { server, device, end } = rig('bench');

function imports() {
  const patients = join(server.data, 'patients.ndjson');
  const { ids } = writePatients(patients, PATIENTS);
  server.cli('import', 'fhir', patients, '--quiet');
  const appointments = join(server.data, 'appointments.ndjson');
  const bytes = writeAppointments(appointments, ids, APPOINTMENTS, { day: weekday(FULL_ON), count: FULL }, FIRST);
  const begun = performance.now();
  const said = server.cli('import', 'fhir', appointments, '--quiet');
  const seconds = (performance.now() - begun) / 1000;
  line(`import fhir, ${APPOINTMENTS} Appointment, ${(bytes / 1e6).toFixed(0)} MB of ndjson`, `${(APPOINTMENTS / seconds).toFixed(0)} bookings/s`);
  console.log(said.split('\n').filter((one) => /Appointment/.test(one)).map((one) => `    ${one.trim()}`).join('\n'));
}

/** From something done to the page to the moment when something holds, by the page's own clock. Both are its words. */
const until = (page, press, holds, arg) =>
  page.evaluate(`(async (arg) => {
    await new Promise(requestAnimationFrame);
    const begun = performance.now();
    ${press};
    while (!(${holds})) await new Promise((again) => setTimeout(again));
    document.body.offsetHeight; // drawn, not only made
    return performance.now() - begun;
  })(${JSON.stringify(arg)})`);
const SET_DAY = `const input = document.querySelector('#calendar-on'); input.value = arg.day;
  for (const kind of ['input', 'change']) input.dispatchEvent(new Event(kind, { bubbles: true }));`;

async function calendar(nora) {
  const { page } = nora;
  await tasksSoFar(nora);
  const opened = await until(page, "document.querySelector('[data-nav=\"/calendar\"]').click()", "document.querySelectorAll('.cal-col').length > 0", {});
  line(`calendar opened beside ${APPOINTMENTS} appointments`, ms([opened]));
  line('  main-thread tasks while it opens', await tasksSoFar(nora));
  const site = page.locator('.seg label', { hasText: 'Maple Street' });
  if (await site.count()) await site.first().click();
  const [full, empty] = [weekday(FULL_ON), weekday(FIRST + 600)];
  const each = [];
  for (let time = 0; time < TIMES; time += 1) {
    await until(page, SET_DAY, "document.querySelectorAll('.cal-col [data-appointment]').length === 0", { day: empty });
    each.push(await until(page, SET_DAY, "document.querySelectorAll('.cal-col [data-appointment]').length >= arg.count", { day: full, count: FULL }));
  }
  line(`a day of ${FULL} appointments, drawn`, ms(each));
}

async function openTimes(nora) {
  const { page } = nora;
  await page.locator('#calendar').focus();
  await page.keyboard.press('n');
  await page.locator('#book-patient:focus').waitFor();
  await page.keyboard.type('an');
  await page.locator('#book-form .expected [aria-pressed="true"]').waitFor();
  const kinds = await page.locator('#book-kind option').evaluateAll((all) => all.map((one) => [one.textContent, one.value]));
  const value = (name) => kinds.find(([text]) => text.startsWith(name))[1];
  const each = [];
  for (let time = 0; time < TIMES; time += 1) {
    for (const name of ['Sick visit', 'Follow-up']) {
      each.push(
        await until(
          page,
          `arg.before = document.querySelector('.openings')?.textContent ?? ''; const select = document.querySelector('#book-kind');
           select.value = arg.value; select.dispatchEvent(new Event('change', { bubbles: true }));`,
          "(document.querySelector('.openings')?.textContent ?? '') !== arg.before",
          { value: value(name) },
        ),
      );
    }
  }
  line('first open times over everyone and 90 days, from the choice to the list', ms(each));
  await page.keyboard.press('Escape');
  await page.locator('#book-form').waitFor({ state: 'detached' });
}

/** From the last key of a booking to the moment when the server's word is on the card. */
async function bookings(nora) {
  const one = new Calendar(nora);
  const [doctor] = await one.titles();
  const who = doctor.replace(/^Dr\. /, '').replace(/, \w+$/, '');
  const each = [];
  for (let n = 0; n < BOOKINGS; n += 1) {
    const day = weekday(FIRST + 500 + Math.floor(n / 8));
    await one.goTo(day);
    await nora.page.locator('#calendar').focus();
    const minute = 9 * 60 + 15 * (n % 8);
    const time = `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    let begun;
    await one.book({ name: 'an', kind: 'Follow-up, 15 min', who, day, time, before: () => (begun = performance.now()) });
    await nora.page.waitForFunction((count) => document.querySelectorAll('.cal-col [data-state="booked"]').length >= count, 1 + (n % 8), { polling: 5 });
    each.push(performance.now() - begun);
  }
  line('a booking, from the last key to the clinic’s word on the card, median', ms(each));
  line('  95th percentile', `${at(each, 0.95).toFixed(0)} ms`);
}

async function boards(nora, theo) {
  await nora.go('/board');
  const id = await walkIn(nora, 'an');
  await nora.state('sent');
  let forth = false;
  const save = async () => {
    forth = !forth;
    const card = nora.page.locator(`[data-visit="${id}"]`);
    await card.focus();
    return () => nora.page.keyboard.press(forth ? 'ArrowRight' : 'ArrowLeft');
  };
  const each = await listeners(theo, save, { count: BOARDS, times: 10 });
  line(`a step on the board to ${BOARDS} other devices, over HTTP, median`, ms(each));
  line('  the slowest', `${Math.max(...each).toFixed(0)} ms`);
}

let code = 0;
try {
  await server.start();
  imports();
  const nora = new Desk(await device('nora', { init: `(${noteTasks})()` }), server.origin);
  const begun = Date.now();
  await nora.signIn('nora.bell');
  await eventually('everybody on the device', async () => (await nora.known()) > PATIENTS, { timeout: 300_000, every: 50 });
  await nora.state('sent', 120_000);
  line(`first sync of ${APPOINTMENTS} appointments and ${PATIENTS} patients, from the sign-in`, `${Date.now() - begun} ms`);
  await calendar(nora);
  await openTimes(nora);
  await bookings(nora);
  const theo = new Desk(await device('theo'), server.origin);
  await theo.signIn('theo.price', '/board');
  await theo.state('sent', 300_000);
  await boards(nora, theo);
} catch (error) {
  console.error(`bench: ${error.stack}`);
  code = 1;
} finally {
  await end();
}
process.exit(code);
