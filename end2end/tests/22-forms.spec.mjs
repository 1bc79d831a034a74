// Forms: written by keyboard, published in versions, brought in as FHIR, asked by kind of visit and by hand, and summed up.
import { strict as assert } from 'node:assert';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { violations } from '../lib/axe.mjs';
import { journey } from '../lib/journey.mjs';
import { OUT } from '../lib/settings.mjs';
import { Desk } from '../pages/desk.mjs';
import { Asking, Forms } from '../pages/forms.mjs';

const SHOTS = join(OUT, 'shots');
mkdirSync(SHOTS, { recursive: true });

/** A Questionnaire as another system writes it, with a group and something that cannot be asked here. */
const FHIR = {
  resourceType: 'Questionnaire',
  title: 'Fall risk',
  status: 'active',
  item: [{
    linkId: 'g',
    type: 'group',
    text: 'About falls',
    item: [
      { linkId: 'fell', type: 'boolean', text: 'Did you fall in the last year?', required: true },
      {
        linkId: 'times',
        type: 'integer',
        text: 'How many times?',
        enableWhen: [{ question: 'fell', operator: '=', answerBoolean: true }],
      },
      { linkId: 'scan', type: 'attachment', text: 'Your last report' },
    ],
  }],
};

async function owner(t) {
  const olive = new Desk(await t.device('olive'), t.origin);
  await olive.signIn('olive.hart');
  await olive.synced();
  return olive;
}

journey('an owner writes a form by keyboard, it survives a reload, and what is wrong is said beside the field', async (t) => {
  const olive = await owner(t);
  const forms = new Forms(olive);
  const { page } = olive;
  const { keyboard } = page;
  await forms.open();
  assert.deepEqual(await violations(page, 'forms'), []);
  await olive.device.shot(join(SHOTS, 'desk-forms.png'));

  await forms.tabTo('#form-add');
  await keyboard.press('Enter');
  await page.locator('#form-title').waitFor();
  await forms.type('#form-title', 'Sleep');
  await forms.type('#form-title-es', 'Sueño');
  await forms.tabTo('#question-add');
  await keyboard.press('Enter');
  const first = await forms.stem(/^q\d+$/);
  await keyboard.type('How did you sleep?');
  await forms.pick(`#${first}-kind`, 'One of');
  const known = [];
  for (const [en, es, score] of [['Well', 'Bien', '0'], ['Badly', 'Mal', '3']]) {
    await forms.tabTo(`#${first}-options`);
    await keyboard.press('Enter');
    const option = await forms.stem(/^a\d+$/, known);
    known.push(option);
    await keyboard.type(en);
    await forms.type(`#${option}-label-es`, es);
    await forms.type(`#${option}-score`, score);
  }
  await forms.tabTo('#question-add');
  await keyboard.press('Enter');
  const second = await forms.stem(/^q\d+$/, [first]);
  await keyboard.type('What keeps you awake?');
  await forms.type(`#${second}-question-es`, '¿Qué no le deja dormir?');
  await forms.pick(`#${second}-kind`, 'In words');

  // Up, and down again: the key that moved it keeps the focus.
  await forms.tabTo(`#${second}-up`, { key: 'Shift+Tab' });
  await keyboard.press('Enter');
  await page.locator(`section.question >> nth=0 >> #${second}-question`).waitFor();
  await forms.tabTo(`#${second}-down`);
  await keyboard.press('Enter');
  await page.locator(`section.question >> nth=0 >> #${first}-question`).waitFor();
  await forms.pick(`#${second}-show_if`, 'Only if');
  await page.locator(`#${second}-codes-2`).focus();
  await keyboard.press('Space');

  await forms.tabTo('#form-scoring');
  await keyboard.press('Space');
  for (const [to, en, es] of [['1', 'good', 'bueno'], ['3', 'poor', 'malo']]) {
    await forms.tabTo('#band-add');
    await keyboard.press('Enter');
    const row = page.locator('[aria-label="What sums mean"] li').last();
    const id = (await row.locator('input').first().getAttribute('id')).split('-')[0];
    await forms.tabTo(`#${id}-to`, { key: 'Shift+Tab' });
    await keyboard.press('Control+a');
    await keyboard.type(to);
    await forms.type(`#${id}-label`, en);
    await forms.type(`#${id}-label-es`, es);
    if (en === 'poor') {
      await forms.tabTo(`#${id}-attention`);
      await keyboard.press('Space');
    }
  }
  assert.deepEqual(await violations(page, 'a form being written'), []);
  await olive.device.shot(join(SHOTS, 'desk-form-editor.png'));

  // The first question lacks its Spanish words: nothing is published, and the field says so.
  await page.click('#form-publish');
  await page.locator('.problem').waitFor();
  assert.match(await page.locator(`#${first}-question-es-fault`).innerText(), /Spanish/);
  await page.fill(`#${first}-question-es`, '¿Cómo durmió?');

  // As a patient sees it, with the sum.
  await page.click('#form-preview');
  const preview = page.locator('dialog[open]');
  await preview.locator('label', { hasText: 'Badly' }).click();
  await preview.locator('#preview-score', { hasText: 'Score 3: poor' }).waitFor();
  await preview.locator('#answer-2').waitFor();
  await preview.locator('label', { hasText: 'Español' }).click();
  await preview.locator('legend', { hasText: '¿Cómo durmió?' }).waitFor();
  await keyboard.press('Escape');
  await preview.waitFor({ state: 'detached' });

  await page.waitForTimeout(600); // what was typed is kept after a moment
  await page.reload();
  await olive.unlock();
  await forms.open();
  await page.locator('#form-draft', { hasText: 'Sleep' }).waitFor();
  await page.click('#draft-go');
  assert.equal(await page.inputValue('#form-title-es'), 'Sueño');
  await forms.publish();
  await forms.row('sleep').waitFor();
  await olive.state('sent');
  assert.equal(await page.locator('#form-draft').count(), 0);

  // Withdrawn, and taken back at once.
  await forms.act('sleep', 'retire');
  await forms.row('sleep').locator('.chip', { hasText: 'Withdrawn' }).waitFor();
  await page.locator('.toast button', { hasText: 'Undo' }).click();
  await forms.row('sleep').locator('.chip', { hasText: 'In use' }).waitFor();

  // Asked at every follow-up.
  await olive.go('/hours');
  await page.locator('label', { hasText: 'Kinds of visit' }).click();
  const kind = page.locator('tr[data-kind]', { hasText: 'Follow-up' }).first();
  await kind.locator('button').click();
  await page.locator('#kind-name').waitFor();
  await page.locator('dialog[open] label.choice', { hasText: 'Sleep' }).click();
  await page.click('#kind-save');
  await page.locator('#kind-name').waitFor({ state: 'detached' });
  await olive.state('sent');
  await forms.open();
  await forms.row('sleep').filter({ hasText: 'Follow-up' }).waitFor();
}, { seconds: 240 });

journey('a FHIR form comes in with a report of what is lost, goes out again, and a nurse asks it without a network', async (t) => {
  const olive = await owner(t);
  const forms = new Forms(olive);
  const { page } = olive;
  await forms.open();
  const file = join(OUT, 'fall-risk.fhir.json');
  writeFileSync(file, JSON.stringify(FHIR));
  await page.setInputFiles('#form-file', file);
  const report = page.locator('#import-report');
  await report.waitFor();
  const said = await report.innerText();
  assert.match(said, /2 questions/);
  assert.match(said, /Item scan: .*left out/);
  assert.match(said, /Item g: .*heading/);
  assert.deepEqual(await violations(page, 'import of a form'), []);
  await page.click('#import-go');
  await page.locator('#form-title-es').waitFor();
  await page.fill('#form-title-es', 'Riesgo de caídas');
  const fields = page.locator('[id$="-question-es"]');
  await fields.nth(0).fill('¿Se cayó en el último año?');
  await fields.nth(1).fill('¿Cuántas veces?');
  await forms.publish();
  await forms.row('fall-risk').waitFor();
  const [saved] = await Promise.all([page.waitForEvent('download'), forms.act('fall-risk', 'export')]);
  const out = JSON.parse(readFileSync(await saved.path(), 'utf8'));
  assert.equal(out.resourceType, 'Questionnaire');
  assert.equal(out.item.length, 2);
  assert.equal(out.item[1].enableWhen[0].question, 'fell');
  await olive.state('sent');

  const ines = new Desk(await t.device('ines'), t.origin);
  await ines.signIn('ines.marsh');
  await ines.synced();
  await ines.openPatient('an');
  const asking = new Asking(ines);
  await ines.card('forms').waitFor();
  await t.server.kill();
  await asking.begin('Mood (PHQ-9)');
  // A question left out is named, and nothing is saved.
  await asking.save();
  await ines.page.locator('.problem', { hasText: 'Question 1' }).waitFor();
  assert.deepEqual(await violations(ines.page, 'asking a form'), []);
  for (let n = 1; n <= 9; n += 1) await asking.choose(n, n <= 6 ? 'more-than-half' : 'not-at-all');
  await asking.save();
  await ines.page.locator('#ask-save').waitFor({ state: 'detached' });
  const answered = ines.page.locator('#answered li', { hasText: 'PHQ-9' }).first();
  await answered.locator('[data-score]', { hasText: 'Score 12: moderate' }).waitFor();
  await answered.locator('.chip', { hasText: 'Needs a practitioner' }).waitFor();
  await answered.locator('summary').click();
  await answered.locator('dd', { hasText: 'More than half the days' }).first().waitFor();
  await ines.device.shot(join(SHOTS, 'desk-form-answers.png'));
  await t.server.start();
  await ines.state('sent', 60_000);

  // The desk may ask, and does not see what was answered.
  const nora = new Desk(await t.device('nora'), t.origin);
  await nora.signIn('nora.bell');
  await nora.synced();
  await nora.openPatient('an');
  await nora.card('forms').waitFor();
  assert.equal(await nora.page.locator('#answered').count(), 0);
  const desk = new Asking(nora);
  await desk.begin('Fall risk');
  await desk.choose(1, 'yes');
  await nora.page.fill('#answer-2', '2');
  await desk.save();
  await nora.page.locator('#ask-save').waitFor({ state: 'detached' });
  await nora.state('sent');
  assert.equal(await nora.page.locator('#answered').count(), 0);
  assert.equal(await nora.page.locator('[data-nav="/forms"]').count(), 0, 'the list is the owner\'s');
}, { seconds: 240 });
