import { createServer } from 'node:net';

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

/** The journey's server sends its mails here, until the journey is over. */
export async function mailOf(t) {
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
  return smtp;
}
