// The calendar, as its users see it.
import { eventually } from '../lib/wait.mjs';

export class Calendar {
  constructor(desk) {
    this.desk = desk;
  }

  get page() {
    return this.desk.page;
  }

  /** Everything is here, and the columns are drawn. */
  async ready() {
    await this.desk.state('sent', 60_000);
    await this.page.locator('.cal-col').first().waitFor({ timeout: 60_000 });
  }

  /** At a day, such as 2026-11-30. */
  async goTo(day) {
    await this.page.fill('#calendar-on', day);
    await this.page.locator('#calendar-on').press('Enter');
    await this.page.waitForTimeout(50);
  }

  /** The next weekday after `days` days, by the demo's own clock: nobody works on a Sunday. */
  async weekday(days = 1) {
    const today = await this.page.inputValue('#calendar-on');
    const day = new Date(`${today}T12:00:00Z`);
    day.setUTCDate(day.getUTCDate() + days);
    while (day.getUTCDay() === 0 || day.getUTCDay() === 6) day.setUTCDate(day.getUTCDate() + 1);
    return day.toISOString().slice(0, 10);
  }

  column(title) {
    return this.page.locator(`.cal-col[aria-label="${title}"]`);
  }

  titles() {
    return this.page.locator('.cal-col').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
  }

  /** Identities of what is drawn in a column. */
  async booked(title) {
    return this.column(title).locator('[data-appointment]').evaluateAll((all) => all.map((one) => one.dataset.appointment));
  }

  /** A new appointment by keyboard alone, from an open form: what is left out stays as it is. `before` is called when all but the last key is pressed. */
  async book({ name, kind, who, day, time, repeat, times, reason, why, before }) {
    const { page } = this;
    await page.keyboard.press('n');
    await page.locator('#book-patient').waitFor();
    await page.waitForTimeout(150);
    await page.locator('#book-patient:focus').waitFor();
    await page.keyboard.type(name);
    await page.locator('#book-form .expected [aria-pressed="true"]').waitFor();
    await page.selectOption('#book-kind', { label: kind });
    if (who) await page.selectOption('#book-with', { label: who });
    if (day) await page.fill('#book-on', day);
    if (time) await page.fill('#book-time', time);
    if (repeat) {
      await page.selectOption('#book-repeat', { label: repeat });
      await page.fill('#book-times', String(times));
    }
    if (reason) await page.fill('#book-reason', reason);
    if (why) {
      await page.locator('#book-why').waitFor();
      await page.fill('#book-why', why);
    }
    before?.();
    await page.locator('#book-save').press('Enter');
    await page.locator('#book-form').waitFor({ state: 'detached' });
  }

  card(id) {
    return this.page.locator(`.cal-col [data-appointment="${id}"]`);
  }

  /** The state of a card, and the column and the row of 15 minutes where it is. */
  async where(id) {
    return this.page.evaluate((id) => {
      const card = document.querySelector(`.cal-col [data-appointment="${id}"]`);
      if (!card) return null;
      const style = getComputedStyle(card.closest('li'));
      const number = (name) => Number(style.getPropertyValue(name));
      return { state: card.dataset.state, column: card.closest('.cal-col').getAttribute('aria-label'), at: (number('--at') - number('--first')) / 15 };
    }, id);
  }

  isAt(id, column, at, timeout = 20_000) {
    return eventually(`${id} at ${at} of ${column}`, async () => {
      const found = await this.where(id);
      return found?.column === column && found.at === at;
    }, { timeout, every: 50 });
  }
}
