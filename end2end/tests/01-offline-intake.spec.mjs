// The network is gone before the patient starts and comes back after the tablet was cut off.
import { strict as assert } from 'node:assert';
import { journey } from '../lib/journey.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';
import { Kiosk, cardPhoto, someone } from '../pages/kiosk.mjs';

const KIOSK = { viewport: { width: 1024, height: 768 } };

journey('a Spanish intake entered without a server arrives once, photos and all, after the tablet was cut off', async (t) => {
  const desk = new Desk(await t.device('desk'), t.origin);
  await desk.signIn('nora.bell');
  await desk.synced();
  await desk.fullNames();

  const tablet = await t.device('kiosk', KIOSK);
  const kiosk = new Kiosk(tablet, t.origin);
  await kiosk.enrol();
  const photos = { front: await cardPhoto(tablet.page, 'LAGO AZUL 4471', 7), back: await cardPhoto(tablet.page, 'REVERSO', 11) };
  await t.server.kill();

  const name = 'Begoña Ibáñez Núñez';
  const one = someone({
    lang: 'es', given: 'Begoña', family: 'Ibáñez Núñez', phone: '555 013 8812', email: 'begona@example.org',
    street: 'Calle del Peñón 7', city: 'Cañón City', state: 'CO', zip: '81212', insurance: 'cards', photos,
    payer: 'Seguros Añejos', member: 'ÑU-99', reason: 'Dolor de garganta', allergies: 'Penicilina: ronchas y picazón',
    emergency: { given: 'Íñigo', family: 'Güemes', relationship: 'hermano', phone: '555 017 1200' },
  });
  one.member = 'NU9932';
  await kiosk.submit(one);
  await eventually('"saved on this tablet" in Spanish', async () => /Guardado en esta tableta/.test(await kiosk.words()));
  const hashes = await kiosk.waitingPhotos();
  assert.equal(hashes.length, 2, 'two photos wait on the tablet');

  await tablet.page.reload();
  await kiosk.ready();
  await kiosk.staffPage();
  assert.equal(await kiosk.saved(), 1, 'saved after a reload');

  await tablet.kill();
  await tablet.start();
  const cold = Date.now();
  await kiosk.open();
  t.note(`cold start without a server: ${Date.now() - cold} ms`);
  await kiosk.staffPage();
  assert.equal(await kiosk.saved(), 1, 'saved after the browser was killed');

  const heard = kiosk.nextPush();
  await t.server.start();
  const probe = await heard;
  const seen = await desk.intakeOf(name);
  t.note(`from the kiosk's first successful probe to the desk's screen: ${Math.max(seen - probe, 0)} ms`);
  await eventually('an empty outbox on the tablet', async () => (await kiosk.saved()) === 0);

  const id = await desk.review(name);
  for (const hash of hashes) {
    const photo = desk.page.locator(`img[data-hash="${hash}"]`).first();
    await photo.waitFor();
    await eventually('the decoded photo', () => photo.evaluate((img) => img.complete && img.naturalWidth > 1000));
  }
  await desk.acceptAsNew(id);
  assert.equal(await desk.intakes(name).count(), 0, 'the submission is still in the inbox');
  await desk.state('sent');

  for (const words of ['Begoña Ibáñez', 'begona ibanez nunez']) {
    await desk.search(words);
    await eventually(`one patient for "${words}"`, async () => (await desk.found().count()) === 1);
  }
  assert.equal(await desk.openPatient('begona ibanez'), name);
  assert.match(await desk.card('contact').innerText(), /Calle del Peñón 7/);
  assert.match(await desk.card('coverage').innerText(), /Seguros Añejos/);
  assert.match(await desk.card('people').innerText(), /Íñigo Güemes/);

  // Anyone else who fetches everything sees one submission too, and one record.
  const other = new Desk(await t.device('other'), t.origin);
  await other.signIn('theo.price');
  await other.synced();
  assert.equal((await other.finds('Begoña Ibáñez Núñez')).length, 1);
  await other.fullNames();
  assert.equal(await other.intakes(name).count(), 0);
}, { seconds: 240 });
