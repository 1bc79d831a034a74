// Makes the three pictures of the README, from the demo practice. Run it after a change of looks, and commit them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { rig } from './lib/rig.mjs';
import { HERE } from './lib/settings.mjs';
import { Desk } from './pages/desk.mjs';
import { Kiosk, cardPhoto, someone } from './pages/kiosk.mjs';
import { PHONE, Phone } from './pages/phone.mjs';

const FOLDER = join(HERE, 'screenshots');

const { server, device, end } = rig('screenshots');
try {
  mkdirSync(FOLDER, { recursive: true });
  await server.start();

  const kiosk = new Kiosk(await device('kiosk', { viewport: { width: 1024, height: 768 } }), server.origin);
  await kiosk.enrol();
  const photos = { front: await cardPhoto(kiosk.page, 'BLUE RIDGE PPO', 21), back: await cardPhoto(kiosk.page, 'MEMBER SERVICES', 34) };
  const one = someone({ given: 'Elena', family: 'Dominguez', insurance: 'cards', photos, birth: ['3', '14', '1987'], reason: 'Cough for a week' });
  await kiosk.begin();
  await kiosk.walk(one, {
    each: async (step, answered) => {
      if (step === 'birth' && answered) await kiosk.device.shot(join(FOLDER, 'kiosk.png'));
    },
  });
  await kiosk.send();

  const desk = new Desk(await device('desk', { viewport: { width: 1280, height: 800 } }), server.origin);
  await desk.signIn('nora.bell');
  await desk.synced();
  await desk.fullNames();
  await desk.intakeOf('Elena Dominguez');
  await desk.review('Elena Dominguez');
  await desk.page.click('#create-new');
  await desk.page.locator('img[data-hash]').first().waitFor();
  await desk.device.shot(join(FOLDER, 'desk.png'));

  const phone = new Phone(await device('phone', { viewport: PHONE }), server.origin);
  await phone.signIn('samuel.okafor', '/today');
  await phone.today();
  await phone.state('sent');
  await phone.device.shot(join(FOLDER, 'phone.png'));
  console.log(`wrote kiosk.png, desk.png and phone.png to ${FOLDER}`);
} finally {
  await end();
}
