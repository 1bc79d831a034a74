import { createServer } from 'node:net';

/** A mail server that takes everything (RFC 5321, as far as a client needs it). */
export async function mailServer() {
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
