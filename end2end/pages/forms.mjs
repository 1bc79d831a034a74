// The owner's forms, and asking one.
import { eventually } from '../lib/wait.mjs';

export class Forms {
  constructor(desk) {
    this.desk = desk;
  }

  get page() {
    return this.desk.page;
  }

  /** The list. */
  async open() {
    await this.desk.go('/forms');
    await this.row('health-history').waitFor();
  }

  row(slug) {
    return this.page.locator(`tr[data-form="${slug}"]`);
  }

  /** Presses a button of a form's line. */
  act(slug, what) {
    return this.row(slug).locator(`[data-act="${what}"]`).click();
  }

  /** Presses Tab until an element has the focus. */
  async tabTo(selector, { most = 80, key = 'Tab' } = {}) {
    for (let presses = 0; presses < most; presses += 1) {
      if (await this.page.evaluate((selector) => document.activeElement?.matches(selector), selector)) return;
      await this.page.keyboard.press(key);
    }
    throw new Error(`${key} never reaches ${selector}`);
  }

  /** Goes to a field by keyboard and types there. */
  async type(selector, text) {
    await this.tabTo(selector);
    await this.page.keyboard.type(text);
  }

  /** Chooses from a list by keyboard: the browser finds what is typed. */
  async pick(selector, text) {
    await this.tabTo(selector);
    await this.page.keyboard.type(text);
  }

  /** Whose field has the focus once something was added: what stands before the hyphen of its id. */
  stem(like, known = []) {
    return eventually('the focus on what was added', async () => {
      const [stem] = (await this.page.evaluate(() => document.activeElement.id)).split('-');
      return like.test(stem) && !known.includes(stem) ? stem : false;
    });
  }

  /** The draft that is open, published. */
  async publish() {
    await this.page.click('#form-publish');
    await this.page.locator('#publish-now').waitFor();
    await this.page.click('#publish-now');
    await this.page.locator('#form-add').waitFor();
  }
}

/** Asking, on a patient's record. */
export class Asking {
  constructor(desk) {
    this.desk = desk;
  }

  get page() {
    return this.desk.page;
  }

  async begin(title) {
    await this.page.click('#ask-form');
    await this.page.locator('#ask-which').waitFor();
    await this.page.selectOption('#ask-which', { label: title });
    await this.page.locator('#ask-save').waitFor();
  }

  /** Chooses one answer of a question, by its number from 1. */
  async choose(number, value) {
    await this.page.locator('label', { has: this.page.locator(`input[name="answer-${number}"][value="${value}"]`) }).click();
  }

  save() {
    return this.page.click('#ask-save');
  }
}
