// The calendar: a series by keyboard, moves by mouse and keyboard, undo, and what comes in the way.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { OUT } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Calendar } from '../pages/calendar.mjs';
import { Desk } from '../pages/desk.mjs';

const SHOTS = join(OUT, 'shots');
mkdirSync(SHOTS, { recursive: true });

async function open(t, name, login, path = '/calendar') {
  const desk = new Desk(await t.device(name), t.origin);
  await desk.signIn(login, path);
  const calendar = new Calendar(desk);
  if (path === '/calendar') await calendar.ready();
  return calendar;
}

/** Identities of what was not there before. */
const fresh = (before, now) => now.filter((id) => !before.includes(id));

journey('a receptionist books a series by keyboard, moves one by keyboard and one by mouse, and takes it back', async (t) => {
  const nora = await open(t, 'nora', 'nora.bell');
  const { page } = nora;
  const [doctor, other] = await nora.titles();
  const who = doctor.replace(/^Dr\. /, '').replace(/, \w+$/, '');
  const day = await nora.weekday(7);
  await nora.goTo(day);
  await page.locator('#calendar').focus();
  const before = await nora.booked(doctor);

  const begun = Date.now();
  await nora.book({ name: 'an', kind: 'Follow-up, 15 min', who, day, time: '09:00', repeat: 'Every 2 weeks', times: 4, reason: 'Blood pressure' });
  t.note(`a series of four by keyboard: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  let id;
  await eventually('the first of the series', async () => ([id] = fresh(before, await nora.booked(doctor))).length > 0);
  assert.equal((await nora.booked(doctor)).length, before.length + 1);
  await nora.isAt(id, doctor, 4);
  await page.locator('.side .visit-panel').waitFor();
  assert.deepEqual(await violations(page, 'calendar with an appointment'), []);
  await nora.desk.device.shot(join(SHOTS, 'desk-calendar.png'));
  const later = new Date(`${day}T12:00:00Z`);
  later.setUTCDate(later.getUTCDate() + 14);
  await nora.goTo(later.toISOString().slice(0, 10));
  await eventually('the second of the series', async () => (await page.locator('.cal-col [data-appointment]').count()) > 0);
  await nora.goTo(day);
  await nora.card(id).waitFor();

  // By keyboard: an hour and a quarter later, with the next practitioner. Only this one of the series.
  await nora.card(id).focus();
  await nora.card(id).press('Enter');
  await page.keyboard.press('m');
  await page.locator('.ghost').waitFor();
  for (let n = 0; n < 5; n += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  assert.match(await page.locator('.calendar-head .sub').innerText(), /to 10:15 AM/);
  await page.keyboard.press('Enter');
  await page.locator('dialog[open] #move-save').waitFor();
  assert.deepEqual(await violations(page, 'move'), []);
  if (await page.locator('dialog[open] #move-why').count()) await page.fill('#move-why', 'Asked for it');
  await page.locator('#move-save').press('Enter');
  await nora.isAt(id, other, 9);
  await page.locator('.toast', { hasText: 'moved to' }).getByRole('button', { name: 'Undo' }).click();
  await nora.isAt(id, doctor, 4);

  // One that stands alone, by mouse: two quarters of an hour down.
  const known = await nora.booked(doctor);
  await page.locator('#calendar').focus();
  await nora.book({ name: 'ma', kind: 'Follow-up, 15 min', who, day, time: '11:00' });
  let alone;
  await eventually('the second booking', async () => ([alone] = fresh(known, await nora.booked(doctor))).length > 0);
  // What the clinic says draws the card anew.
  await eventually('it is booked', async () => (await nora.where(alone))?.state === 'booked');
  const start = (await nora.where(alone)).at;
  const box = await nora.card(alone).boundingBox();
  const row = await page.locator('.cal-col').first().evaluate((col) => col.getBoundingClientRect().height / (Number(col.dataset.minutes) / 15));
  await page.mouse.move(box.x + 20, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + 20, box.y + 8 + row, { steps: 4 });
  await page.mouse.move(box.x + 20, box.y + 8 + 2 * row, { steps: 4 });
  await page.mouse.up();
  await nora.isAt(alone, doctor, start + 2);

  // Cancelled with a reason, and taken back by key.
  await nora.desk.state('sent');
  await eventually('it is booked there', async () => (await nora.where(alone))?.state === 'booked');
  await nora.card(alone).press('Enter');
  await page.keyboard.press('x');
  await page.selectOption('#cancel-reason', { label: 'No way to get here' });
  await page.locator('#cancel-save').press('Enter');
  await nora.card(alone).waitFor({ state: 'detached' });
  await page.keyboard.press('z');
  await nora.card(alone).waitFor();
  await nora.desk.state('sent');

  for (const [span, shot] of [['w', 'week'], ['a', 'agenda'], ['d', 'day']]) {
    await page.keyboard.press('Escape');
    await page.keyboard.press(span);
    await page.waitForTimeout(300);
    assert.deepEqual(await violations(page, shot), []);
    await nora.desk.device.shot(join(SHOTS, `calendar-${shot}.png`));
  }
  const told = page.locator('.toast [aria-label="Dismiss"]');
  while (await told.count()) await told.first().click();
  for (const [name, size] of [['tablet', { width: 1024, height: 768 }], ['phone', { width: 390, height: 844 }]]) {
    await page.setViewportSize(size);
    await page.waitForTimeout(300);
    await nora.desk.device.shot(join(SHOTS, `calendar-${name}.png`));
    assert.deepEqual(await violations(page, `calendar, ${name}`), []);
  }
}, { seconds: 240 });

journey('two desks that are cut off fill the same day, and come together without an overlap or a loss', async (t) => {
  const nora = await open(t, 'nora', 'nora.bell');
  const theo = await open(t, 'theo', 'theo.price');
  // Both look at the site where Nora is.
  const [site] = await nora.page.locator('input[name="calendar-site"]:checked').evaluateAll((all) => all.map((one) => one.value));
  await theo.page.locator(`input[name="calendar-site"][value="${site}"]`).check({ force: true });
  const [doctor] = await nora.titles();
  const who = doctor.replace(/^Dr\. /, '').replace(/, \w+$/, '');
  const day = await nora.weekday(14);
  for (const one of [nora, theo]) {
    await one.goTo(day);
    await one.column(doctor).waitFor();
  }
  const before = await nora.booked(doctor);
  await t.server.kill();
  const plan = [[nora, 'an', '09:00'], [nora, 'ma', '09:15'], [theo, 'an', '09:15'], [theo, 'ma', '09:30']];
  for (const [desk, name, time] of plan) {
    await desk.page.locator('#calendar').focus();
    await desk.book({ name, kind: 'Follow-up, 15 min', who, day, time });
  }
  const ofNora = fresh(before, await nora.booked(doctor));
  const ofTheo = fresh(before, await theo.booked(doctor));
  assert.deepEqual([ofNora.length, ofTheo.length], [2, 2]);
  for (const [desk, ids] of [[nora, ofNora], [theo, ofTheo]]) {
    for (const id of ids) assert.equal((await desk.where(id)).state, 'requested');
  }
  await nora.desk.device.shot(join(SHOTS, 'calendar-requested.png'));
  await t.server.start();
  // One of the two at a quarter past goes to a person; the other three are booked, and both desks see the same.
  const settled = async (desk) => {
    const states = await desk.column(doctor).locator('[data-appointment]').evaluateAll((all) => all.map((one) => [one.dataset.appointment, one.dataset.state]));
    return states.filter(([id]) => ofNora.includes(id) || ofTheo.includes(id)).sort();
  };
  await eventually('three booked on both desks', async () => {
    const [a, b] = [await settled(nora), await settled(theo)];
    return JSON.stringify(a) === JSON.stringify(b) && a.length === 3 && a.every(([, state]) => state === 'booked');
  }, { timeout: 90_000 });
  const lost = [...ofNora, ...ofTheo].filter((id) => !JSON.stringify([]).includes(id));
  assert.equal(lost.length, 4);
  const waits = async (desk) => Number.parseInt(await desk.page.locator('[data-nav="/decisions"] .badge').innerText().catch(() => '0'), 10);
  await eventually('one for a person', async () => (await waits(nora)) + (await waits(theo)) >= 1, { timeout: 60_000 });
  // Whoever may decides: the patient gets another time by phone, and the entry is left out.
  const who2 = (await waits(nora)) > 0 ? nora : theo;
  await who2.desk.go('/decisions');
  await who2.page.locator('[data-tray="drop"]').first().waitFor();
  await who2.desk.device.shot(join(SHOTS, 'decisions-booking.png'));
  await who2.page.locator('[data-tray="drop"]').first().click();
  for (const one of [nora, theo]) await one.desk.state('sent', 60_000);
}, { seconds: 240 });

journey('a closure over bookings moves nothing, lists each, and the list empties as they are reworked', async (t) => {
  const nora = await open(t, 'nora', 'nora.bell');
  const { page } = nora;
  const [doctor] = await nora.titles();
  const who = doctor.replace(/^Dr\. /, '').replace(/, \w+$/, '');
  const day = await nora.weekday(24);
  const next = await nora.weekday(25);
  await nora.goTo(day);
  await page.locator('#calendar').focus();
  const before = await nora.booked(doctor);
  for (const [n, name] of ['an', 'ma', 'an', 'ma', 'an', 'ma', 'an', 'ma'].entries()) {
    await nora.book({ name, kind: 'Follow-up, 15 min', who, day, time: `${String(9 + Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}` });
    await page.keyboard.press('Escape');
  }
  const ids = fresh(before, await nora.booked(doctor));
  assert.equal(ids.length, 8);
  await nora.desk.go('/hours');
  await page.click('#close-add');
  await page.fill('#closure-name', 'Burst pipe');
  await page.fill('#closure-from', day);
  await page.fill('#closure-until', day);
  await page.locator('.say.wait', { hasText: '8 appointments are booked then' }).waitFor();
  assert.deepEqual(await violations(page, 'closure'), []);
  await nora.desk.device.shot(join(SHOTS, 'desk-closure.png'));
  await page.locator('#closure-save').press('Enter');
  await page.locator('[data-closure]', { hasText: 'Burst pipe' }).waitFor();
  assert.deepEqual(await violations(page, 'hours'), []);
  await nora.desk.device.shot(join(SHOTS, 'desk-hours.png'));
  await nora.desk.go('/calendar');
  await nora.goTo(day);
  await page.locator('#to-rework', { hasText: '8 to rework' }).click();
  assert.equal(await page.locator('[data-rework]').count(), 8);
  assert.deepEqual(await violations(page, 'rework'), []);
  await nora.desk.device.shot(join(SHOTS, 'desk-rework.png'));
  // Four are cancelled by the practice, four are moved to the next day by the form of a week.
  for (let left = 8; left > 0; left -= 1) {
    await page.locator('[data-rework]').first().click();
    await page.locator('#visit-cancel').waitFor();
    if (left % 2) {
      await page.click('#visit-cancel');
      await page.selectOption('#cancel-reason', { label: 'Site is closed' });
      await page.locator('input[name="cancel-by"][value="practice"]').check({ force: true });
      await page.locator('#cancel-save').press('Enter');
    } else {
      await page.click('#visit-to');
      await page.fill('#move-on', next);
      await page.fill('#move-time', `${String(9 + Math.floor(left / 4)).padStart(2, '0')}:${String((left % 4) * 15).padStart(2, '0')}`);
      await page.locator('#move-to-save').press('Enter');
      if (await page.locator('#move-save').isVisible().catch(() => false)) {
        await page.fill('#move-why', 'The site is closed');
        await page.locator('#move-save').press('Enter');
      }
    }
    if (left > 1) await page.locator('#to-rework', { hasText: `${left - 1} to rework` }).click();
  }
  await page.locator('#to-rework').waitFor({ state: 'detached' });
  await nora.desk.state('sent');
}, { seconds: 240 });

journey('a desk keeps the same morning for two weeks, and what it books there is final without a server', async (t) => {
  const nora = await open(t, 'nora', 'nora.bell');
  const { page } = nora;
  const [, doctor] = await nora.titles();
  const who = doctor.replace(/^Dr\. /, '').replace(/, \w+$/, '');
  // Far from every other journey's days: nobody else books there any more.
  const day = await nora.weekday(70);
  const later = new Date(`${day}T12:00:00Z`);
  later.setUTCDate(later.getUTCDate() + 7);
  await nora.goTo(day);
  await page.click('#keep');
  await page.selectOption('#keep-with', { label: who });
  await page.fill('#keep-on', day);
  await page.fill('#keep-from', '08:00');
  await page.fill('#keep-until', '12:00');
  await page.fill('#keep-weeks', '40');
  await page.locator('#keep-save').press('Enter');
  await page.locator('#keep-weeks-fault').waitFor();
  await page.fill('#keep-weeks', '2');
  await page.locator('#keep-save').press('Enter');
  await page.locator('[data-lease][data-granted="true"]').nth(1).waitFor();
  assert.deepEqual(await violations(page, 'kept'), []);
  await nora.desk.device.shot(join(SHOTS, 'calendar-kept.png'));
  // The same is not asked for twice.
  const kept = await page.locator('[data-lease]').count();
  await page.locator('#keep-save').press('Enter');
  await page.locator('.toast', { hasText: 'It is kept already.' }).waitFor();
  assert.equal(await page.locator('[data-lease]').count(), kept);
  await page.keyboard.press('Escape');
  await t.server.kill();
  for (const on of [day, later.toISOString().slice(0, 10)]) {
    await nora.goTo(on);
    await nora.column(doctor).waitFor();
    await page.locator('#calendar').focus();
    const before = await nora.booked(doctor);
    // Without a room: only the doctor's time is kept.
    await nora.book({ name: 'an', kind: 'Video visit, 15 min', who, day: on, time: '09:00' });
    let id;
    await eventually('the booking', async () => ([id] = fresh(before, await nora.booked(doctor))).length > 0);
    assert.equal((await nora.where(id)).state, 'booked', `on ${on}, without a server`);
  }
  await t.server.start();
  await nora.desk.state('sent', 60_000);
  assert.equal(await page.locator('.cal-col [data-state="requested"]').count(), 0);
}, { seconds: 180 });

journey('a desk is handed the same time every week by itself, and ends that without a server', async (t) => {
  const nora = await open(t, 'nora', 'nora.bell');
  const { page } = nora;
  const [doctor] = await nora.titles();
  const who = doctor.replace(/^Dr\. /, '').replace(/, \w+$/, '');
  await page.click('#keep');
  await page.selectOption('#keep-with', { label: who });
  await page.locator('#keep-always').check();
  await page.locator('input[name="keep-days"]').nth(6).waitFor();
  for (let day = 1; day <= 7; day += 1) await page.locator(`input[name="keep-days"][value="${day}"]`).uncheck();
  await page.fill('#keep-from', '22:00');
  await page.fill('#keep-until', '23:00');
  await page.fill('#keep-ahead', '27');
  await page.locator('#keep-save').press('Enter');
  await page.locator('#keep-days-fault').waitFor();
  await page.locator('#keep-ahead-fault').waitFor();
  assert.deepEqual(await violations(page, 'kept every week, not filled in'), []);
  // Late on Sundays, when nobody works: what other journeys book is not in the way. Of three Sundays at most the first
  // is over.
  await page.locator('input[name="keep-days"][value="7"]').check();
  await page.fill('#keep-ahead', '3');
  await page.locator('#keep-save').press('Enter');
  await page.locator('[data-rule]', { hasText: 'Sundays, 10:00 PM to 11:00 PM' }).waitFor();
  await page.locator('[data-lease][data-granted="true"]').nth(1).waitFor();
  assert.deepEqual(await violations(page, 'kept every week'), []);
  await nora.desk.device.shot(join(SHOTS, 'calendar-kept-weekly.png'));
  // The same is not asked for twice.
  await page.locator('#keep-save').press('Enter');
  await page.locator('.toast', { hasText: 'It is kept already.' }).waitFor();
  assert.equal(await page.locator('[data-rule]').count(), 1);
  await nora.desk.state('sent');
  await t.server.kill();
  await page.getByRole('button', { name: 'End and give back' }).click();
  await page.locator('[data-rule]').waitFor({ state: 'detached' });
  await eventually('everything is given back', async () => (await page.locator('[data-lease]').count()) === 0);
  await t.server.start();
  await nora.desk.state('sent', 60_000);
  assert.equal(await page.locator('[data-rule], [data-lease]').count(), 0);
}, { seconds: 180 });
