// Waiting for a state, never for a time.

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asks until the answer is neither false nor an error; says what was awaited when it never comes. */
export async function eventually(what, ask, { timeout = 20_000, every = 100 } = {}) {
  const end = Date.now() + timeout;
  for (let last; ; ) {
    try {
      last = await ask();
      if (last !== false && last !== undefined && last !== null) return last;
    } catch (error) {
      last = error;
      if (/has been closed|Target closed|crashed/.test(String(error?.message))) throw error;
    }
    if (Date.now() > end) {
      const told = last instanceof Error ? `: ${last.message.split('\n')[0]}` : '';
      throw new Error(`waited ${timeout / 1000} s for ${what}${told}`);
    }
    await pause(every);
  }
}
