// A tablet's screen holds each question whole: nothing scrolls, in either language, lying or standing.
import { strict as assert } from 'node:assert';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { journey } from '../lib/journey.mjs';
import { misfits } from '../lib/layout.mjs';
import { OUT } from '../lib/settings.mjs';
import { Kiosk, cardPhoto, someone } from '../pages/kiosk.mjs';

const SHOTS = join(OUT, 'shots');

for (const [how, viewport] of [['lying', { width: 1024, height: 768 }], ['standing', { width: 768, height: 1024 }]]) {
  journey(`a ${how} tablet shows every question whole, in English and Spanish`, async (t) => {
    mkdirSync(SHOTS, { recursive: true });
    const kiosk = new Kiosk(await t.device('kiosk', { viewport }), t.origin);
    await kiosk.enrol();
    const { page } = kiosk;
    const found = [];
    const times = new Map();
    const look = async (step) => {
      const number = (times.get(step) ?? 0) + 1;
      times.set(step, number);
      for (const lang of ['es', 'en']) {
        if (await page.locator(`#lang-${lang}`).count()) await page.click(`#lang-${lang}`);
        await page.locator(`html[lang="${lang}"]`).waitFor({ state: 'attached' });
        found.push(...(await misfits(page, `${step} ${number}, ${lang}`)));
        await kiosk.device.shot(join(SHOTS, `kiosk-${how}-${step}-${number}-${lang}.png`));
      }
    };
    // With the code for one's own phone, which comes a moment later.
    await page.locator('.k-own:not(.vh)').waitFor();
    await look('welcome');
    await kiosk.begin();
    const photos = { front: await cardPhoto(page, 'LAKESHORE HEALTH', 9), back: await cardPhoto(page, 'BACK', 4) };
    const one = someone({
      who: 'parent', birth: ['5', '6', '2015'], given: 'Maximiliana', family: 'Featherstonehaugh-Villanueva', insurance: 'cards',
      holder: 'child', second: 'no', allergies: 'Penicillin: hives', photos, changed: ['address'],
    });
    await kiosk.walk(one, { each: (step, answered) => (answered ? undefined : look(step)) });
    await kiosk.send({ each: look });
    await look('done');
    assert.deepEqual([...new Set(found)], []);
  }, { seconds: 240 });
}

journey('complaints are seen at once, with every button in its place', async (t) => {
  const kiosk = new Kiosk(await t.device('kiosk', { viewport: { width: 1024, height: 768 } }), t.origin);
  await kiosk.enrol();
  await kiosk.begin();
  const { page } = kiosk;
  const found = [];
  const free = new Set(['language', 'gender', 'race', 'ethnicity', 'email', 'card', 'consent', 'review']);
  await kiosk.walk(someone({ who: 'parent', birth: ['5', '6', '2015'], insurance: 'cards', holder: 'child', family: 'Fits' }), {
    each: async (step, answered) => {
      if (answered || free.has(step) || (await page.locator('main input:checked').count())) return;
      if (step === 'sign') await page.fill('#typed-name', '');
      await page.click('#continue');
      await page.locator('.problem').waitFor();
      found.push(...(await misfits(page, `${step} with problems`, { inner: false })));
      mkdirSync(SHOTS, { recursive: true });
      await kiosk.device.shot(join(SHOTS, `kiosk-problem-${step}.png`));
    },
  });
  assert.deepEqual([...new Set(found)], []);
}, { seconds: 150 });
