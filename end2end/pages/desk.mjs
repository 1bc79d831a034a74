// The staff's pages on a computer.
import { strict as assert } from 'node:assert';
import { PASSPHRASE } from '../lib/settings.mjs';
import { eventually } from '../lib/wait.mjs';

export class Desk {
  constructor(device, origin) {
    this.device = device;
    this.origin = origin;
  }

  get page() {
    return this.device.page;
  }

  /** A page load locks the device, so this is only for before signing in. */
  async open(path = '/desk') {
    await this.page.goto(this.origin + path);
    await this.page.locator('html[data-ready]').waitFor({ state: 'attached' });
  }

  async signIn(login, path = '/desk') {
    this.login = login;
    await this.open(path);
    await this.page.fill('#login', login);
    await this.page.fill('#passphrase', PASSPHRASE);
    await this.page.keyboard.press('Enter');
    await this.inside();
    await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  }

  /** Opens the device with the passphrase alone. */
  async unlock(passphrase = PASSPHRASE) {
    await this.page.locator('html[data-ready]').waitFor({ state: 'attached' });
    await this.page.locator('#passphrase').waitFor();
    if (await this.page.locator('#login').count()) throw new Error('this device knows nobody: it asks for a sign-in');
    await this.page.fill('#passphrase', passphrase);
    await this.page.keyboard.press('Enter');
    await this.inside();
  }

  /** At the server and on this device. */
  async changePassphrase(old, fresh, again = fresh) {
    await this.page.click('#person');
    await this.page.click('#person-list a[href="/passphrase"]');
    await this.page.fill('#old', old);
    await this.page.fill('#new', fresh);
    await this.page.fill('#again', again);
    await this.page.locator('#again').press('Enter');
  }

  inside() {
    return this.page.locator('#person').waitFor({ timeout: 40_000 });
  }

  /** Everybody is here and nothing waits. */
  async synced() {
    await this.go('/desk');
    await eventually('the patients', async () => (await this.known()) > 0, { timeout: 60_000 });
    await this.state('sent', 60_000);
  }

  async known() {
    return Number.parseInt(await this.page.locator('.page-head .sub').first().innerText(), 10) || 0;
  }

  state(name, timeout = 30_000) {
    return this.page.locator(`[data-sync="${name}"]`).first().waitFor({ timeout });
  }

  badge() {
    return this.page.locator('[data-sync]').first().innerText();
  }

  async go(path) {
    const link = this.page.locator(`[data-nav="${path}"]`);
    await link.click();
    await this.page.locator(`[data-nav="${path}"][aria-current="page"]`).waitFor();
  }

  async search(words) {
    await this.go('/desk');
    await this.page.fill('#patient-search', words);
  }

  found() {
    return this.page.locator('ul.results a[data-patient]');
  }

  /** Ids of who is found. */
  async finds(words) {
    await this.search(words);
    return this.found().evaluateAll((all) => all.map((link) => link.dataset.patient));
  }

  async openPatient(words, id) {
    await this.search(words);
    const link = id ? this.page.locator(`ul.results a[data-patient="${id}"]`) : this.found().first();
    await link.click();
    await this.page.locator('#patient-name').waitFor();
    return this.page.locator('#patient-name').innerText();
  }

  async fillNew(one) {
    await this.go('/desk');
    await this.page.locator('#new-patient').first().click();
    await this.page.locator('#family-name').waitFor();
    await this.page.fill('#family-name', one.family);
    await this.page.fill('#given-name', one.given);
    await this.page.selectOption('#dob-month', one.birth[0]);
    await this.page.fill('#dob-day', one.birth[1]);
    await this.page.fill('#dob-year', one.birth[2]);
    await this.page.selectOption('#sex', one.sex);
    if (one.phone) await this.page.fill('#mobile-phone', one.phone);
  }

  async register(one) {
    await this.fillNew(one);
    await this.page.click('#save-patient');
    await this.page.locator('#patient-name').waitFor();
  }

  async correctPhone(number) {
    await this.page.click('#edit-contact');
    await this.page.fill('#mobile-phone', number);
    await this.page.click('#save-contact');
    await this.page.locator('#edit-contact').waitFor();
  }

  card(name) {
    return this.page.locator(`#card-${name}`);
  }

  /** Shows whole names in the list of submissions. */
  async fullNames() {
    await this.go('/desk/intake');
    const button = this.page.locator('#counter-mode');
    if ((await button.getAttribute('aria-pressed')) === 'true') await button.click();
    await this.page.locator('#counter-mode[aria-pressed="false"]').waitFor();
  }

  intakes(name) {
    return this.page.locator('a[data-intake]', { hasText: name });
  }

  /** Waits for a submission by name and says when it was seen. */
  async intakeOf(name, timeout = 60_000) {
    await this.intakes(name).first().waitFor({ timeout });
    return Date.now();
  }

  /** Opens the one submission of that name. */
  async review(name) {
    assert.equal(await this.intakes(name).count(), 1, `submissions of ${name}`);
    const link = this.intakes(name);
    const id = await link.getAttribute('data-intake');
    await link.click();
    await this.page.locator(`a[data-intake="${id}"][aria-current="true"]`).waitFor();
    await this.page.locator('h2.name', { hasText: name }).waitFor();
    return id;
  }

  /** Makes a new record of the submission that is open, taking everything. */
  async acceptAsNew(id) {
    await this.page.click('#create-new');
    await this.page.locator('#apply').waitFor();
    for (const row of await this.page.locator('tr[data-field]:not(.same)').all()) {
      const accept = row.locator('input[value="accept"]');
      if ((await accept.count()) && !(await accept.isChecked())) await row.locator('label', { has: this.page.locator('input[value="accept"]') }).click();
    }
    await this.page.click('#apply');
    await this.page.locator(`a[data-intake="${id}"]`).waitFor({ state: 'detached' });
  }
}
