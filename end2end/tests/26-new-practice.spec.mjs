// A practice of one's own: made at the terminal, set up on its screens, and the first visit is booked.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { OUT } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Calendar } from '../pages/calendar.mjs';
import { Desk } from '../pages/desk.mjs';
import { Server } from '../pages/server.mjs';

const SHOTS = join(OUT, 'shots');
const SIZES = [['desk', { width: 1440, height: 900 }], ['tablet', { width: 1024, height: 768 }], ['phone', { width: 390, height: 844 }]];

/** Opens a part of a page with parts. */
const part = (page, name, value) => page.locator(`input[name="${name}"][value="${value}"]`).check({ force: true });
const closed = (page) => page.locator('dialog[open]').waitFor({ state: 'detached' });

journey('an owner makes a practice, enters who bills, a site, a doctor and hours, and the desk books the first visit', async (t) => {
  mkdirSync(SHOTS, { recursive: true });
  const server = new Server({ command: 'serve' });
  t.finally(() => server.remove());
  assert.match(server.cli('practice', 'create', 'Elm Clinic', '--owner', 'ada.elm', '--owner-name', 'Ada Elm'), /Elm Clinic is made/);
  assert.throws(() => server.cli('practice', 'create', 'Another', '--owner', 'ada.elm', '--owner-name', 'Ada Elm'), /ada\.elm is taken/);
  await server.start();

  const ada = new Desk(await t.device('ada'), server.origin);
  await ada.signIn('ada.elm', '/practice');
  const { page } = ada;
  await ada.go('/practice');

  // Who bills: a number that cannot be right is said, and nothing typed is lost.
  await part(page, 'practice-part', 'billing');
  await page.click('#biller-add');
  await page.fill('#biller-name', 'Elm Clinic PC');
  await page.fill('#biller-tin', '39-1234567');
  await page.fill('#biller-npi', '1234567890');
  await page.fill('#biller-taxonomy', '261qp2300x');
  await page.click('#biller-save');
  await page.locator('#biller-npi-fault').waitFor();
  assert.equal(await page.inputValue('#biller-name'), 'Elm Clinic PC');
  await page.fill('#biller-npi', '1234567893');
  await page.click('#biller-save');
  await page.locator('[data-biller]', { hasText: '391234567' }).waitFor();

  await part(page, 'practice-part', 'sites');
  await page.click('#site-add');
  await page.fill('#site-name', 'Elm Street');
  await page.fill('#site-address', '4 Elm Street, Phoenix, AZ 85001');
  await page.selectOption('#site-zone', 'America/Phoenix');
  assert.deepEqual(await violations(page, 'a site'), []);
  await page.click('#site-save');
  await page.locator('[data-site]', { hasText: 'Elm Street' }).waitFor();

  await part(page, 'practice-part', 'practitioners');
  await page.click('#practitioner-add');
  await page.fill('#practitioner-given', 'Rosa');
  await page.fill('#practitioner-family', 'Quint');
  await page.fill('#practitioner-credentials', 'MD');
  await page.fill('#practitioner-npi', '1245319599');
  await page.click('#practitioner-save');
  await page.locator('#practitioner-sites-fault').waitFor();
  await page.locator('dialog[open] label', { hasText: 'Elm Street' }).click();
  await ada.device.shot(join(SHOTS, 'practice-practitioner.png'));
  await page.click('#practitioner-save');
  await page.locator('[data-practitioner]', { hasText: 'Dr. Rosa Quint' }).waitFor();
  for (const [name, size] of SIZES) {
    await page.setViewportSize(size);
    await page.waitForTimeout(300);
    assert.deepEqual(await violations(page, `practice, ${name}`), []);
    await ada.device.shot(join(SHOTS, `practice-${name}.png`));
  }
  await page.setViewportSize(SIZES[0][1]);

  // When, and what for.
  await ada.go('/hours');
  await part(page, 'hours-part', 'kinds');
  await page.click('#kind-add');
  await page.fill('#kind-name', 'Visit');
  await page.fill('#kind-needs', '');
  await page.click('#kind-save');
  await closed(page);
  await part(page, 'hours-part', 'week');
  await page.click('#week-add');
  await page.selectOption('#week-with', { label: 'Rosa Quint' });
  await page.selectOption('#week-site', { label: 'Elm Street' });
  await page.click('#week-line-add');
  await page.locator('dialog[open] button', { hasText: 'Tuesday to Friday' }).click();
  await page.click('#week-save');
  await closed(page);
  await ada.state('sent');

  // The desk: let in at the terminal, for this site.
  server.cli('user', 'add', 'ben.ash', '--role', 'front_desk', '--name', 'Ben Ash', '--at', 'elm street');
  assert.throws(() => server.cli('user', 'add', 'cy.oak', '--role', 'nurse', '--name', 'Cy Oak', '--at', 'Oak Street'), /no site named Oak Street/);
  const ben = new Desk(await t.device('ben'), server.origin);
  await ben.signIn('ben.ash');
  await ben.state('sent', 60_000);
  await ben.register({ family: 'First', given: 'Fay', birth: ['3', '9', '1984'], sex: 'female' });
  await ben.go('/calendar');
  const calendar = new Calendar(ben);
  await calendar.ready();
  const day = await calendar.weekday(1);
  await calendar.goTo(day);
  await ben.page.locator('#calendar').focus();
  await calendar.book({ name: 'First', kind: 'Visit, 30 min', who: 'Rosa Quint', day, time: '09:00' });
  let id;
  await eventually('the first visit is booked', async () => {
    [id] = await calendar.booked('Dr. Rosa Quint');
    return id && (await calendar.where(id)).state === 'booked';
  });
  await ben.device.shot(join(SHOTS, 'practice-first-visit.png'));
  assert.match(await ben.page.locator('body').innerText(), /Elm Street/);
}, { seconds: 240 });
