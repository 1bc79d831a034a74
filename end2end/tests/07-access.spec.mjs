// Rules of WCAG 2.2 AA that a machine can check, on every screen.
import { strict as assert } from 'node:assert';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { eventually } from '../lib/wait.mjs';
import { Desk } from '../pages/desk.mjs';
import { Kiosk, someone } from '../pages/kiosk.mjs';
import { PHONE, Phone } from '../pages/phone.mjs';

const unique = (list) => [...new Set(list)];

/** The page in both colours. */
async function both(page, where) {
  const found = await violations(page, where);
  await page.emulateMedia({ colorScheme: 'dark' });
  found.push(...(await violations(page, `${where}, dark`)));
  await page.emulateMedia({ colorScheme: 'light' });
  return found;
}

journey('no screen of the kiosk breaks a rule', async (t) => {
  const kiosk = new Kiosk(await t.device('kiosk', { viewport: { width: 1024, height: 768 } }), t.origin);
  const found = [];
  const seen = new Set();
  await kiosk.open();
  found.push(...(await violations(kiosk.page, 'enrol')));
  await kiosk.page.click('#enrol-go');
  await kiosk.page.locator('.problem').waitFor();
  found.push(...(await violations(kiosk.page, 'enrol with a problem')));
  await kiosk.enrol();
  found.push(...(await both(kiosk.page, 'welcome')));
  await kiosk.begin();
  const one = someone({ who: 'parent', birth: ['5', '6', '2015'], insurance: 'cards', holder: 'child', allergies: 'Nuts', family: 'Axe' });
  await kiosk.walk(one, {
    each: async (step, answered) => {
      if (answered || seen.has(step)) return;
      seen.add(step);
      found.push(...(step === 'name' ? await both(kiosk.page, step) : await violations(kiosk.page, step)));
      if (step === 'address') {
        await kiosk.page.click('#continue');
        await kiosk.page.locator('.problem').waitFor();
        found.push(...(await both(kiosk.page, 'address with problems')));
      }
    },
  });
  await kiosk.page.click('#help');
  await kiosk.page.locator('dialog[open]').waitFor();
  found.push(...(await violations(kiosk.page, 'help')));
  await kiosk.page.keyboard.press('Escape');
  await kiosk.send();
  found.push(...(await violations(kiosk.page, 'done')));
  await kiosk.finish();
  await kiosk.page.click('#staff');
  await kiosk.page.locator('#pin').waitFor();
  found.push(...(await violations(kiosk.page, 'PIN')));
  await kiosk.page.keyboard.press('Escape');
  await kiosk.staffPage();
  found.push(...(await violations(kiosk.page, 'staff')));
  assert.deepEqual(unique(found), []);
}, { seconds: 240 });

journey('no page of the desk breaks a rule', async (t) => {
  const desk = new Desk(await t.device('desk', { viewport: { width: 1366, height: 900 } }), t.origin);
  const found = [];
  const { page } = desk;
  const check = async (where) => found.push(...(await violations(page, where)));
  await desk.open();
  found.push(...(await both(page, 'sign-in')));
  await page.locator('button[type=submit]').click();
  await page.locator('.problem').waitFor();
  await check('sign-in with problems');
  await desk.signIn('nora.bell');
  await desk.synced();
  await check('patients, empty search');
  await desk.search('an');
  await desk.found().first().waitFor();
  found.push(...(await both(page, 'patients')));
  await page.fill('#search', 'an');
  await page.locator('#found a').first().waitFor();
  await check('finder');
  await page.keyboard.press('Escape');
  await page.click('#person');
  await check('menu of the person');
  await page.click('#person-list a[href="/passphrase"]');
  await page.locator('#again').press('Enter');
  await page.locator('.problem').waitFor();
  found.push(...(await both(page, 'passphrase with problems')));
  const tab = await desk.device.context.newPage();
  await tab.goto(`${t.origin}/desk`);
  await tab.locator('#use-here').waitFor();
  found.push(...(await violations(tab, 'another tab')));
  await tab.close();
  await desk.go('/desk');
  await page.keyboard.press('Escape');
  await desk.openPatient('an');
  found.push(...(await both(page, 'record')));
  for (const card of ['person', 'contact', 'language']) {
    await page.click(`#edit-${card}`);
    await page.locator(`#save-${card}`).waitFor();
    await check(`record, ${card} in edit`);
    await page.locator(`#card-${card}`).getByRole('button', { name: 'Cancel' }).click();
  }
  await page.click('#add-coverage');
  await page.locator('#save-coverage').waitFor();
  await check('record, new coverage');
  await page.keyboard.press('Escape');
  await desk.go('/desk');
  await page.locator('#new-patient').first().click();
  await page.click('#save-patient');
  await page.locator('.problem').waitFor();
  await check('new patient with problems');
  await desk.go('/desk/intake');
  await page.locator('a[data-intake]').first().waitFor();
  await page.locator('#create-new, #apply').first().waitFor();
  await check('intake, whose record');
  if (await page.locator('#create-new').count()) await page.click('#create-new');
  await page.locator('#apply').waitFor();
  found.push(...(await both(page, 'intake, review')));
  for (const path of ['/decisions', '/outbox', '/today']) {
    await desk.go(path);
    await page.locator('h1').first().waitFor();
    await check(path);
  }
  await page.reload();
  await page.locator('#passphrase').waitFor();
  await check('unlock');
  assert.deepEqual(unique(found), []);
}, { seconds: 240 });

journey('no page of the owner breaks a rule', async (t) => {
  const desk = new Desk(await t.device('desk', { viewport: { width: 1366, height: 900 } }), t.origin);
  const { page } = desk;
  await desk.signIn('olive.hart', '/devices');
  await page.locator('tr[data-device]').first().waitFor();
  const found = await both(page, 'devices');
  await page.click('#add-kiosk');
  await page.locator('#code-label').waitFor();
  found.push(...(await violations(page, 'devices, a new kiosk')));
  assert.deepEqual(unique(found), []);
});

journey('no page of the phone breaks a rule', async (t) => {
  const phone = new Phone(await t.device('phone', { viewport: PHONE }), t.origin);
  const found = [];
  const { page } = phone;
  await phone.open('/today');
  found.push(...(await violations(page, 'sign-in')));
  await phone.signIn('samuel.okafor', '/today');
  await phone.today();
  found.push(...(await both(page, 'today')));
  const name = await phone.openVisit();
  await eventually('the record', () => page.locator('#allergies').isVisible());
  found.push(...(await both(page, 'record')));
  await phone.go('/today/patients');
  await page.fill('#search', name); // a short list: a row half below the edge would count as too small to press
  await page.locator('a[href*="/today/patient/"]').first().waitFor();
  found.push(...(await violations(page, 'patients')));
  await phone.go('/decisions');
  found.push(...(await violations(page, 'decisions')));
  assert.deepEqual(unique(found), []);
}, { seconds: 150 });
