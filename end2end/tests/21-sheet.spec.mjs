// Patients and appointments from a sheet: tried before anything is taken, what is wrong named by its row, and twice is once.
import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { OUT } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';

const SHOTS = join(OUT, 'shots');
mkdirSync(SHOTS, { recursive: true });

/** Written by XlsxWriter. */
const WORKBOOK = new URL('../../app/tests/data/patients.xlsx', import.meta.url).pathname;

const CSV = `\ufeffChart;Last Name;First Name;DOB;Gender;Cell Phone;Notes
A-1;Abernathy;Ottoline;3/9/1951;F;414 555 0161;likes tea
A-2;Brockhaus;Leopold;1990-12-01;M;414 555 0162;
A-3;Crane;Ismay;31/31/1990;F;414 555 0163;
A-4;"Dunne; the younger";Percival;19880704;M;no phone;
`;

journey('patients come from a sheet without a network, what is wrong is named by its row, and twice is once', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell');
  await nora.synced();
  const file = join(OUT, 'patients.csv');
  writeFileSync(file, CSV);
  await nora.page.click('#sheet');
  await nora.page.locator('#sheet-file').waitFor({ state: 'attached' });
  await t.server.kill();
  await nora.page.setInputFiles('#sheet-file', file);
  const verdict = nora.page.locator('#sheet-verdict');
  await verdict.filter({ hasText: '2 would be imported, 2 cannot be read.' }).waitFor();
  const faults = await nora.page.locator('.findings').innerText();
  assert.match(faults, /Row 4, Date of birth/);
  assert.match(faults, /Row 5, Mobile phone/);
  assert.deepEqual(await violations(nora.page, 'import'), []);
  await nora.device.shot(join(SHOTS, 'desk-sheet.png'));
  // Without the column that is wrong, its row is sound.
  await nora.page.selectOption('#column-5', '');
  await verdict.filter({ hasText: '3 would be imported, 1 cannot be read.' }).waitFor();
  await nora.page.click('#sheet-run');
  await nora.page.locator('#sheet-progress[data-done="true"]', { hasText: '3 imported.' }).waitFor();
  await verdict.filter({ hasText: '0 would be imported' }).waitFor().catch(() => {});
  await t.server.start();
  await nora.state('sent', 60_000);
  assert.equal((await nora.finds('Abernathy Ottoline')).length, 1);
  assert.equal((await nora.finds('Dunne; the younger')).length, 1);

  await nora.go('/desk');
  await nora.page.click('#sheet');
  await nora.page.setInputFiles('#sheet-file', file);
  await nora.page.selectOption('#column-5', '');
  await verdict.filter({ hasText: '0 would be imported, 1 cannot be read, 3 were imported before.' }).waitFor();
  assert.equal(await nora.page.locator('#export').count(), 0, 'only the owner takes everybody out');
  const olive = new Desk(await t.device('olive'), t.origin);
  await olive.signIn('olive.hart');
  await olive.synced();
  await olive.page.click('#sheet');
  const [saved] = await Promise.all([olive.page.waitForEvent('download'), olive.page.click('#export')]);
  const text = readFileSync(await saved.path(), 'utf8');
  assert.match(text, /^Record number,Family name,Given name/);
  assert.match(text, /Abernathy,Ottoline/);
  await eventually('nobody twice', async () => (await nora.finds('Brockhaus')).length === 1);
}, { seconds: 180 });

journey('patients come from an Excel workbook without a network, and a locked or damaged one says what to do', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell');
  await nora.synced();
  await nora.page.click('#sheet');
  await nora.page.locator('#sheet-file').waitFor({ state: 'attached' });
  await t.server.kill();
  const fault = nora.page.locator('#sheet-fault');
  for (const [name, buffer, words] of [
    // As Office begins what it encrypts.
    ['locked.xlsx', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(1024)]), 'password'],
    ['damaged.xlsx', readFileSync(WORKBOOK).subarray(0, 3000), 'damaged'],
    ['empty.csv', Buffer.from('Last,First\n'), 'no rows'],
  ]) {
    await nora.page.setInputFiles('#sheet-file', { name, mimeType: 'application/octet-stream', buffer });
    await fault.filter({ hasText: words }).waitFor();
    assert.equal(await nora.page.locator('#sheet-verdict').count(), 0);
  }
  assert.deepEqual(await violations(nora.page, 'a file that cannot be read'), []);
  await nora.device.shot(join(SHOTS, 'desk-sheet-fault.png'));

  await nora.page.setInputFiles('#sheet-file', WORKBOOK);
  const verdict = nora.page.locator('#sheet-verdict');
  await verdict.filter({ hasText: '2 would be imported, 1 cannot be read.' }).waitFor();
  assert.equal((await fault.innerText()).trim(), '');
  // The row as Excel numbers it: an empty one stands above it.
  assert.match(await nora.page.locator('.findings').innerText(), /Row 5, Date of birth/);
  const first = await nora.page.locator('.sheet-form tbody tr td:nth-child(2)').allInnerTexts();
  assert.deepEqual(first.slice(0, 7), ['1001', 'Zinnober', 'Ottilie', '1951-03-09', 'F', '4145550161', '00716']);
  for (const [name, size] of [['tablet', { width: 1024, height: 768 }], ['phone', { width: 390, height: 844 }], ['desk', { width: 1280, height: 800 }]]) {
    await nora.page.setViewportSize(size);
    await nora.page.waitForTimeout(300);
    assert.deepEqual(await violations(nora.page, `workbook, ${name}`), []);
    await nora.device.shot(join(SHOTS, `desk-workbook-${name}.png`));
  }
  // Another width is another frame around the same page.
  assert.match(await verdict.innerText(), /2 would be imported, 1 cannot be read\./);
  await nora.page.click('#sheet-run');
  await nora.page.locator('#sheet-progress[data-done="true"]', { hasText: '2 imported.' }).waitFor();
  await t.server.start();
  await nora.state('sent', 60_000);
  assert.equal((await nora.finds('Zinnober Ottilie')).length, 1);
  assert.equal((await nora.finds('Yarrow Leopold')).length, 1);
}, { seconds: 180 });

/** A weekday in about a month, so that somebody works. */
function weekday() {
  const day = new Date(Date.now() + 30 * 86_400_000);
  while (day.getUTCDay() === 0 || day.getUTCDay() === 6) day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

journey('appointments come from a sheet in the words of another system, tried first, and twice is once', async (t) => {
  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell');
  await nora.synced();
  await nora.register({ family: 'Terminer', given: 'Tilda', birth: ['6', '7', '1979'], sex: 'female', phone: '414 555 0171' });
  await nora.register({ family: 'Zweiter', given: 'Zeno', birth: ['8', '2', '1964'], sex: 'male', phone: '414 555 0172' });
  await nora.state('sent');
  await nora.page.locator('#patient-mrn[data-mrn="assigned"]').waitFor();
  const zeno = (await nora.page.locator('#patient-mrn').innerText()).replace(/\D/g, '');
  const on = weekday();
  const file = join(OUT, 'appointments.csv');
  writeFileSync(file, `MRN,Last Name,First Name,DOB,Date,Start Time,Appointment Type,Provider,Location,Notes
,Terminer,Tilda,6/7/1979,${on},9:30 AM,follow-up,"Okafor, Samuel",Maple Street,knee
${zeno},Zweiter,Zeno,8/2/1964,${on},9:30 AM,Follow-up,Hannah Weiss,Maple Street,at the same time
,Terminer,Tilda,6/7/1979,${on},2:00 PM,Barefoot dance,Dr. Okafor,Maple Street,
,Nobody,Never,1/1/1970,${on},10:00,Follow-up,Okafor,Maple Street,
,Terminer,Tilda,6/7/1979,2020-01-06,10:00,Follow-up,Okafor,Maple Street,
${zeno},Terminer,Tilda,6/7/1979,${on},11:00,Follow-up,Okafor,Maple Street,
`);
  await nora.go('/desk');
  await nora.page.click('#sheet');
  await nora.page.locator('#sheet-file').waitFor({ state: 'attached' });
  await t.server.kill();
  await nora.page.setInputFiles('#sheet-file', file);
  // As patients they are known already, or nothing is known of them; as appointments they are something else.
  await nora.page.locator('#sheet-verdict').waitFor();
  await nora.page.locator('.seg label', { hasText: 'Appointments' }).click();
  const verdict = nora.page.locator('#sheet-verdict');
  await verdict.filter({ hasText: '2 would be imported, 4 cannot be read.' }).waitFor();
  const faults = await nora.page.locator('.findings').innerText();
  for (const words of [
    /Row 4, Visit type: no visit type/, /Row 5, Family name: nobody here/, /Row 6, Day: this is over/,
    // A number of another system is somebody else's here.
    /Row 7, Record number: it is another patient's here/,
  ]) assert.match(faults, words);
  for (const [name, size] of [['tablet', { width: 1024, height: 768 }], ['phone', { width: 390, height: 844 }], ['desk', { width: 1280, height: 800 }]]) {
    await nora.page.setViewportSize(size);
    await nora.page.waitForTimeout(300);
    assert.deepEqual(await violations(nora.page, `appointments, ${name}`), []);
    await nora.device.shot(join(SHOTS, `desk-sheet-appointments-${name}.png`));
  }
  assert.match(await verdict.innerText(), /2 would be imported, 4 cannot be read\./);
  await nora.page.click('#sheet-run');
  await nora.page.locator('#sheet-progress[data-done="true"]', { hasText: '2 imported.' }).waitFor();
  // Both were to have the first free room in the trial; the second has another.
  assert.equal(await nora.page.locator('#sheet-refused').count(), 0);
  await t.server.start();
  await nora.state('sent', 60_000);
  const visits = nora.page.locator('#card-visits [data-appointment]');
  for (const who of ['tilda terminer', 'zeno zweiter']) {
    await nora.openPatient(who);
    await visits.filter({ hasText: '9:30 AM' }).waitFor();
    assert.equal(await visits.count(), 1);
  }

  await nora.go('/desk');
  await nora.page.click('#sheet');
  await nora.page.locator('.seg label', { hasText: 'Appointments' }).click();
  await nora.page.setInputFiles('#sheet-file', file);
  await verdict.filter({ hasText: '0 would be imported, 4 cannot be read, 2 were imported before.' }).waitFor();
}, { seconds: 180 });
