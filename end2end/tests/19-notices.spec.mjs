// Reminders: a rule is set, a mail arrives at a real mail server, the link in it answers, and the desk sees all of it.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { OUT } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';

const SHOTS = join(OUT, 'shots');
mkdirSync(SHOTS, { recursive: true });

/** A mail server that takes everything (RFC 5321, as far as a client needs it). */
async function mailServer() {
  const mails = [];
  const server = createServer((socket) => {
    let rest = '';
    let mail = null;
    socket.on('error', () => {});
    socket.write('220 test.example\r\n');
    socket.on('data', (bytes) => {
      rest += bytes;
      for (let at; (at = rest.indexOf('\r\n')) >= 0;) {
        const line = rest.slice(0, at);
        rest = rest.slice(at + 2);
        if (mail?.open) {
          if (line !== '.') {
            mail.data += `${line}\n`;
            continue;
          }
          mails.push(mail.data);
          mail = null;
          socket.write('250 taken\r\n');
        } else if (/^DATA/i.test(line)) {
          mail = { open: true, data: '' };
          socket.write('354 go ahead\r\n');
        } else if (/^QUIT/i.test(line)) {
          socket.end('221 bye\r\n');
        } else {
          socket.write('250 fine\r\n');
        }
      }
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { mails, url: `smtp://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

const tab = (desk, word) => desk.page.locator('.page-head .seg label', { hasText: word }).click();

journey('a rule is written, its mail arrives, the link confirms, and what must be done by hand is on the desk', async (t) => {
  const smtp = await mailServer();
  await t.server.kill();
  Object.assign(process.env, { ANTEROOM_SMTP_URL: smtp.url, ANTEROOM_MAIL_FROM: 'Lakeside <visits@lakeside.example>' });
  t.finally(async () => {
    for (const name of ['ANTEROOM_SMTP_URL', 'ANTEROOM_MAIL_FROM']) delete process.env[name];
    smtp.close();
    await t.server.kill();
    await t.server.start();
  });
  await t.server.start();
  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell', '/reminders');
  await nora.state('sent', 60_000);

  // Calls for tomorrow lie on the desk by themselves.
  const call = nora.page.locator('.notice[data-notice]').first();
  await call.waitFor({ timeout: 90_000 });
  assert.match(await call.innerText(), /Call to make/);
  await call.locator('[data-act="words"]').click();
  const script = nora.page.locator('dialog[open] .letter');
  await script.waitFor();
  assert.match(await script.innerText(), /appointment is on/);
  assert.deepEqual(await violations(nora.page, 'script of a call'), []);
  await nora.device.shot(join(SHOTS, 'desk-reminders-call.png'));
  await nora.page.keyboard.press('Escape');
  const id = await call.getAttribute('data-notice');
  await call.locator('[data-act="done"]').click();
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
  await nora.page.locator('#rule-active').check();
  await nora.device.shot(join(SHOTS, 'desk-reminders-rule.png'));
  assert.deepEqual(await violations(nora.page, 'rule'), []);
  await nora.page.click('#save-rule');
  await nora.page.locator('#save-rule').waitFor({ state: 'detached' });
  await nora.state('sent', 60_000);
  assert.match(await rule.innerText(), /On/);
  await nora.device.shot(join(SHOTS, 'desk-reminders-rules.png'));

  await eventually('a mail', () => smtp.mails.length > 0, { timeout: 120_000, every: 500 });
  const mail = smtp.mails[0].replace(/=\n/g, '').replace(/=3D/g, '=');
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
  for (const [name, size] of [['tablet', { width: 1024, height: 768 }], ['phone', { width: 390, height: 844 }]]) {
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
