// The doctor's pages on a phone.
import { Desk } from './desk.mjs';

export const PHONE = { width: 390, height: 844 };

export class Phone extends Desk {
  /** On a phone there is no bar; the tabs say that someone is in. */
  inside() {
    return this.page.locator('.p-tabs').waitFor({ timeout: 40_000 });
  }

  visits() {
    return this.page.locator('li[data-visit]');
  }

  async today() {
    await this.go('/today');
    await this.visits().first().waitFor({ timeout: 60_000 });
  }

  /** Opens the first visit of the day; the patient's name. */
  async openVisit(at = 0) {
    await this.visits().nth(at).locator('a').first().click();
    await this.page.locator('#patient-name').waitFor();
    return this.page.locator('#patient-name').innerText();
  }
}
