// Stands between a device and the server, and can lose the server's answers to pushes.
import { connect, createServer } from 'node:net';

export class Proxy {
  constructor(target) {
    this.target = target;
    this.pushes = 0;
    this.dropped = 0;
    this.toDrop = 0;
    this.open = new Set();
  }

  get origin() {
    return `http://127.0.0.1:${this.server.address().port}`;
  }

  async start() {
    this.server = createServer((client) => this.join(client));
    await new Promise((done, fail) => {
      this.server.once('error', fail);
      this.server.listen(0, '127.0.0.1', done);
    });
  }

  /** The next answers to pushes get lost, after the server has acted on them. */
  dropAnswers(count) {
    this.toDrop = count;
  }

  join(client) {
    const server = connect(this.target, '127.0.0.1');
    const end = () => {
      client.destroy();
      server.destroy();
      this.open.delete(end);
    };
    this.open.add(end);
    let pushing = false;
    client.on('data', (bytes) => {
      const head = bytes.subarray(0, 24).toString('latin1');
      if (/^(GET|POST|PUT|HEAD) /.test(head)) pushing = head.startsWith('POST /api/push ');
      if (pushing && head.startsWith('POST ')) this.pushes += 1;
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (pushing && this.toDrop > 0) {
        this.toDrop -= 1;
        this.dropped += 1;
        end();
      } else {
        client.write(bytes);
      }
    });
    for (const socket of [client, server]) socket.on('close', end).on('error', end);
  }

  async stop() {
    for (const end of [...this.open]) end();
    await new Promise((done) => this.server.close(done));
  }
}
