// Reminders: a rule is set, a mail arrives at a real mail server, the link in it answers, and the desk sees all of it.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { mailOf } from '../lib/mail.mjs';
import { OUT } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';

const SHOTS = join(OUT, 'shots');
mkdirSync(SHOTS, { recursive: true });

/** Mails and letters ring nowhere, so a rule for them may hold all day. */
async function atAnyHour(desk) {
  await desk.page.fill('#rule-from', '0:00');
  await desk.page.fill('#rule-until', '24:00');
}

const tab = (desk, word) => desk.page.locator('.page-head .seg label', { hasText: word }).click();

journey('a rule is written, its mail arrives, the link confirms, and what must be done by hand is on the desk', async (t) => {
  const smtp = await mailOf(t);
  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell', '/reminders');
  await nora.state('sent', 60_000);

  // Letters are work for the desk at any hour; telephones sleep at night, and this may be one.
  await tab(nora, 'Rules');
  await nora.page.click('#add-rule');
  await nora.page.fill('#rule-name', 'Letter three days before');
  await nora.page.selectOption('#rule-channel', { label: 'Letter' });
  await nora.page.fill('#rule-count', '3');
  await nora.page.selectOption('#rule-unit', { label: 'days' });
  await atAnyHour(nora);
  assert.match(await nora.page.locator('#rule-preview').innerText(), /your appointment at/);
  await nora.page.click('#save-rule');
  await nora.page.locator('#save-rule').waitFor({ state: 'detached' });
  await nora.state('sent', 60_000);

  // They lie on the desk by themselves.
  await tab(nora, 'To do');
  const letter = nora.page.locator('.notice[data-notice]').first();
  await letter.waitFor({ timeout: 120_000 });
  assert.match(await letter.innerText(), /Letter to print/);
  await letter.locator('[data-act="words"]').click();
  const script = nora.page.locator('dialog[open] .letter');
  await script.waitFor();
  assert.match(await script.innerText(), /your appointment at|su cita en/);
  assert.deepEqual(await violations(nora.page, 'a letter'), []);
  await nora.device.shot(join(SHOTS, 'desk-reminders-letter.png'));
  await nora.page.keyboard.press('Escape');
  const id = await letter.getAttribute('data-notice');
  await letter.locator('[data-act="done"]').click();
  await nora.page.locator(`[data-notice="${id}"]`).waitFor({ state: 'detached' });

  // What somebody says about their number holds at once.
  await nora.page.fill('#opt-out-address', '12');
  await nora.page.click('#note-stop');
  await nora.page.locator('#opt-out-address-fault').waitFor();
  await nora.page.fill('#opt-out-address', '(414) 555-0147');
  await nora.page.click('#note-stop');
  await nora.page.locator('[data-contact="+14145550147"]', { hasText: 'Said to stop' }).waitFor();
  assert.deepEqual(await violations(nora.page, 'reminders, to do'), []);
  await nora.device.shot(join(SHOTS, 'desk-reminders.png'));

  // A rule says nothing about health, and shows how it reads.
  await tab(nora, 'Rules');
  const rule = nora.page.locator('[data-rule]', { hasText: 'Email three days before' });
  await rule.waitFor();
  assert.match(await rule.innerText(), /Off/);
  await rule.locator('[data-act="preview"]').click();
  await nora.page.locator('[data-preview="es"]', { hasText: 'Hola, Alex' }).waitFor();
  assert.match(await nora.page.locator('#preview-count').innerText(), /In the next 7 days: [1-9]\d* to send/);
  assert.deepEqual(await violations(nora.page, 'preview'), []);
  await nora.device.shot(join(SHOTS, 'desk-reminders-preview.png'));
  await nora.page.keyboard.press('Escape');
  await rule.locator('[data-act="edit"]').click();
  const words = await nora.page.inputValue('#rule-body-en');
  await nora.page.fill('#rule-body-en', `${words} {diagnosis}`);
  await nora.page.click('#save-rule');
  await nora.page.locator('#rule-body-en-fault', { hasText: '{diagnosis}' }).waitFor();
  await nora.page.fill('#rule-body-en', words);
  await atAnyHour(nora);
  await nora.page.locator('#rule-active').check();
  await nora.device.shot(join(SHOTS, 'desk-reminders-rule.png'));
  assert.deepEqual(await violations(nora.page, 'rule'), []);
  await nora.page.click('#save-rule');
  await nora.page.locator('#save-rule').waitFor({ state: 'detached' });
  await nora.state('sent', 60_000);
  assert.match(await rule.innerText(), /On/);
  await nora.device.shot(join(SHOTS, 'desk-reminders-rules.png'));

  // Who cannot be reached is on the list; with an address, it goes out.
  await tab(nora, 'To do');
  const failed = nora.page.locator('.notice[data-state="failed"]').first();
  await failed.waitFor({ timeout: 120_000 });
  const retried = await failed.getAttribute('data-notice');
  await failed.locator('a').first().click();
  await nora.page.locator('#patient-name').waitFor();
  await nora.page.click('#edit-contact');
  await nora.page.fill('#email', 'reached@example.org');
  await nora.page.click('#save-contact');
  await nora.page.locator('#edit-contact').waitFor();
  await nora.go('/reminders');
  await nora.page.locator(`[data-notice="${retried}"] [data-act="retry"]`).click();
  const reached = (one) => /^To: .*reached@example\.org/m.test(one);
  await eventually('a mail', () => smtp.mails.some(reached), { timeout: 120_000, every: 500 });
  const mail = smtp.mails.find(reached).replace(/=\n/g, '').replace(/=3D/g, '=');
  assert.match(mail, /From: Lakeside <visits@lakeside\.example>/);
  assert.match(mail, /text\/calendar/);
  const link = mail.match(/http:\/\/127\.0\.0\.1:\d+\/n\/[\w-]{43}/)[0];

  // The patient looks, which answers nothing, and says that they come.
  const patient = await t.device('patient', { viewport: { width: 390, height: 844 } });
  await patient.page.goto(link);
  await patient.page.locator('h1').waitFor();
  assert.deepEqual(await violations(patient.page, 'page behind a link'), []);
  await patient.shot(join(SHOTS, 'link-phone.png'));
  await tab(nora, 'Sent');
  const sent = nora.page.locator('tr[data-state="sent"]', { hasText: 'Email' });
  await sent.first().waitFor({ timeout: 60_000 });
  assert.equal(await nora.page.locator('tr[data-sent]', { hasText: 'Confirmed' }).count(), 0);
  await patient.page.locator('button[value="confirm"]').click();
  await patient.page.locator('.said', { hasText: /see you then|nos vemos/ }).waitFor();
  await nora.page.locator('tr[data-sent]', { hasText: 'Confirmed by the link' }).first().waitFor({ timeout: 30_000 });

  // Once each, also after the server was killed in the middle of the others.
  await t.server.kill();
  await t.server.start();
  await eventually('no mail for a while', async () => {
    const before = smtp.mails.length;
    await new Promise((done) => setTimeout(done, 8_000));
    return smtp.mails.length === before;
  }, { timeout: 120_000, every: 10 });
  const ids = smtp.mails.map((one) => one.match(/^Message-ID: (.*)$/m)[1]);
  assert.equal(new Set(ids).size, ids.length, 'a message went out twice');
  t.note(`${ids.length} mails, each once`);

  await nora.device.shot(join(SHOTS, 'desk-reminders-sent.png'));
  for (const [name, size] of [['tablet', { width: 1024, height: 768 }]]) {
    await nora.page.setViewportSize(size);
    for (const word of ['To do', 'Rules', 'Sent']) {
      await tab(nora, word);
      assert.deepEqual(await violations(nora.page, `reminders, ${word}, ${name}`), []);
      await nora.device.shot(join(SHOTS, `reminders-${word.replace(' ', '-').toLowerCase()}-${name}.png`));
    }
  }
}, { seconds: 420 });

journey('a doctor makes an address of their calendar, which names no patient', async (t) => {
  const samuel = new Desk(await t.device('samuel'), t.origin);
  await samuel.signIn('samuel.okafor', '/reminders');
  await samuel.page.click('#feed');
  // On a device that is new here, the rows come after the page.
  await samuel.page.locator('#feed-who option', { hasText: 'Okafor' }).waitFor({ state: 'attached', timeout: 60_000 });
  await samuel.page.click('#make-feed');
  const address = (await samuel.page.locator('#feed-address').innerText()).trim();
  const answer = await fetch(address);
  assert.equal(answer.status, 200);
  const calendar = await answer.text();
  assert.match(calendar, /BEGIN:VEVENT/);
  const summaries = [...calendar.matchAll(/^SUMMARY:(.*)$/gm)].map((found) => found[1].trim());
  assert.deepEqual([...new Set(summaries)], ['Appointment']);
  assert.equal((await fetch(address.replace('/feeds/', '/feeds/x'))).status, 404);
}, { seconds: 120 });
