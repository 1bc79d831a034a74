// A passkey opens a device without the server, beside the passphrase.
import { strict as assert } from 'node:assert';
import { journey } from '../lib/journey.mjs';
import { PASSPHRASE } from '../lib/settings.mjs';
import { Desk } from '../pages/desk.mjs';

/** A fingerprint reader whose person always agrees. */
async function reader(device) {
  await device.cdp.send('WebAuthn.enable');
  const { authenticatorId } = await device.cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, hasPrf: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  return {
    agrees: (yes) => device.cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: yes }),
  };
}

journey('a passkey opens the device while the server is gone; refused or forgotten, it opens nothing', async (t) => {
  // Passkeys are bound to a name, and an address is none.
  const desk = new Desk(await t.device('desk'), t.origin.replace('127.0.0.1', 'localhost'));
  const { page } = desk;
  const finger = await reader(desk.device);
  await desk.signIn('nora.bell');
  await desk.synced();
  await page.click('#person');
  await page.click('#person-list a[href="/passphrase"]');
  await page.fill('#passkey-passphrase', 'not this one');
  await page.press('#passkey-passphrase', 'Enter');
  await page.locator('#passkey-passphrase-fault').waitFor();
  await page.fill('#passkey-passphrase', PASSPHRASE);
  await page.press('#passkey-passphrase', 'Enter');
  await page.locator('[data-passkeys="1"]').waitFor();

  await t.server.kill();
  await page.reload();
  await page.press('#use-passkey', 'Enter');
  await desk.inside();
  await page.reload();
  await finger.agrees(false);
  await page.click('#use-passkey');
  await page.locator('.problem').waitFor();
  assert.match(await page.locator('.problem').innerText(), /No passkey opened this device/);
  await desk.unlock();
  await desk.register({ family: 'Fingerly', given: 'Pat', birth: ['7', '8', '1990'], sex: 'male', phone: '' });
  await t.server.start();
  await desk.state('sent', 60_000);

  await page.click('#person');
  await page.click('#person-list a[href="/passphrase"]');
  await page.click('#drop-passkeys');
  await page.locator('[data-passkeys="0"]').waitFor();
  await page.reload();
  await page.locator('#passphrase').waitFor();
  assert.equal(await page.locator('#use-passkey').count(), 0);
  await desk.unlock();
});
