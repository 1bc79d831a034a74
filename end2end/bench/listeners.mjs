// Many devices that listen: each holds a line to the server, and asks for what changed when it is poked. One browser
// edits; the time is from the press on Save to the answer that holds the edit, over HTTP, for every listener.
import http from 'node:http';

const agent = new http.Agent({ keepAlive: true, maxSockets: Infinity });

/** One listener: `seen` is told each revision that it has fetched. */
class Listener {
  constructor(origin, headers, body) {
    this.origin = origin;
    this.headers = headers;
    this.body = body;
    this.waiting = [];
  }

  listen() {
    return new Promise((open, fail) => {
      this.line = http.get(`${this.origin}/api/poke`, { agent, headers: this.headers }, (answer) => {
        if (answer.statusCode !== 200) return fail(new Error(`the line is refused: ${answer.statusCode}`));
        answer.setEncoding('utf8');
        answer.on('data', (text) => {
          const head = Number(/data: ?(\d+)/.exec(text)?.[1]);
          if (head > this.body.request.cursor.rev) this.fetch().catch(fail);
        });
        return open();
      });
      this.line.on('error', (error) => this.closed || fail(error));
    });
  }

  async fetch() {
    const answer = await this.post('/api/pull', this.body);
    this.body.request.cursor.rev = Math.max(this.body.request.cursor.rev, answer.to);
    this.waiting = this.waiting.filter(({ rev, done }) => !(answer.to > rev && (done(performance.now()), true)));
  }

  /** When something newer than a revision has come. */
  newer() {
    return new Promise((done) => this.waiting.push({ rev: this.body.request.cursor.rev, done }));
  }

  post(path, body) {
    return new Promise((done, fail) => {
      const request = http.request(this.origin + path, { agent, method: 'POST', headers: { ...this.headers, 'content-type': 'application/json' } }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => (answer.statusCode === 200 ? done(JSON.parse(Buffer.concat(parts))) : fail(new Error(`${path}: ${answer.statusCode}`))));
      });
      request.on('error', fail);
      request.end(JSON.stringify(body));
    });
  }

  close() {
    this.closed = true;
    this.line.destroy();
  }
}

/**
 * Milliseconds from each save to each listener that has it. `desk` is whose session listens; `save` makes an edit
 * elsewhere ready and gives the press that saves it.
 */
export async function listeners(desk, save, { count, times }) {
  const asked = desk.page.waitForRequest((request) => request.url().endsWith('/api/pull'), { timeout: 30_000 });
  await (await save())();
  const request = await asked;
  const { cookie, origin = desk.origin, 'user-agent': agentName } = await request.allHeaders();
  const headers = { cookie, origin, 'user-agent': agentName };
  const all = Array.from({ length: count }, () => new Listener(desk.origin, headers, JSON.parse(request.postData())));
  try {
    await Promise.all(all.map((one) => one.listen()));
    await Promise.all(all.map((one) => one.fetch()));
    const each = [];
    for (let time = 0; time < times; time += 1) {
      const press = await save();
      const seen = all.map((one) => one.newer());
      const begun = performance.now();
      await press();
      for (const one of seen) each.push((await one) - begun);
    }
    return each;
  } finally {
    all.forEach((one) => one.close());
    agent.destroy();
  }
}
