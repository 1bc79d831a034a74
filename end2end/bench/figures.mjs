// What the benches say, and how.

/** How many times each is measured. */
export const TIMES = 5;

export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
export const at = (list, part) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * part))];
export const ms = (list) => `${median(list).toFixed(median(list) < 20 ? 1 : 0)} ms`;
export const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
export const line = (what, figure) => console.log(`  ${what.padEnd(66)} ${figure}`);

/** Keeps how long the page's main thread was held up, each time it was for more than 50 ms (W3C Long Tasks). */
export const noteTasks = () => {
  globalThis.longTasks = [];
  new PerformanceObserver((list) => globalThis.longTasks.push(...list.getEntries().map(({ startTime, duration }) => ({ startTime, duration })))).observe({ type: 'longtask', buffered: true });
};
export async function tasksSoFar(desk, since = 0) {
  const tasks = await desk.page.evaluate(() => globalThis.longTasks.splice(0));
  const all = tasks.filter((task) => task.startTime >= since).map((task) => task.duration).sort((a, b) => b - a);
  if (all.length === 0) return 'none over 50 ms';
  return `${all.length} over 50 ms: ${all.slice(0, 8).map((one) => one.toFixed(0)).join(', ')}${all.length > 8 ? ' …' : ''}`;
}
