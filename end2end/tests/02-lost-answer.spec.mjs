// The server has taken an entry, and its answer never arrives.
import { strict as assert } from 'node:assert';
import { journey } from '../lib/journey.mjs';
import { eventually, pause } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';
import { Kiosk, someone } from '../pages/kiosk.mjs';
import { Proxy } from '../pages/proxy.mjs';

journey('an intake whose answers are lost is sent again and counted once', async (t) => {
  const proxy = new Proxy(t.server.port);
  await proxy.start();
  t.finally(() => proxy.stop());
  const kiosk = new Kiosk(await t.device('kiosk', { viewport: { width: 1024, height: 768 } }), proxy.origin);
  await kiosk.enrol();
  proxy.dropAnswers(3);
  await kiosk.submit(someone({ given: 'Lost', family: 'Answerson' }));
  await eventually('"sent to clinic"', async () => /Sent to clinic/.test(await kiosk.words()));
  assert.equal(proxy.dropped, 3, 'answers that were dropped');
  assert.ok(proxy.pushes >= 4, `the repeat did not arrive: ${proxy.pushes} pushes`);
  t.note(`${proxy.pushes} pushes, ${proxy.dropped} answers lost`);

  const desk = new Desk(await t.device('desk'), t.origin);
  await desk.signIn('nora.bell');
  await desk.synced();
  await desk.fullNames();
  await desk.intakeOf('Lost Answerson');
  await pause(1500); // a second one would come with a later pull
  assert.equal(await desk.intakes('Lost Answerson').count(), 1);
});
