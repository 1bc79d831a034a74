// The flow board of a desk.
import { eventually } from '../lib/wait.mjs';

/** Ids of the visits on the board. */
export const cards = async (desk) => (await desk.page.locator('[data-visit]').evaluateAll((all) => all.map((card) => card.dataset.visit)));

/** Someone without an appointment is here: entered by keyboard alone. The demo's own day is over in the evening. */
export async function walkIn(desk, name) {
  const before = await cards(desk);
  await desk.page.keyboard.press('a');
  await desk.page.locator('#arrive-name').waitFor();
  await desk.page.locator('#walk-in').press('Enter');
  await desk.page.locator('#walk-in-patient').waitFor();
  await desk.page.keyboard.type(name);
  await desk.page.locator('dialog[open] .expected [aria-pressed="true"]').waitFor();
  await desk.page.locator('#walk-in-save').press('Enter');
  await desk.page.locator('dialog[open]', { hasText: 'Choose for what' }).waitFor();
  await desk.page.selectOption('#walk-in-kind', { label: 'Follow-up' });
  await desk.page.selectOption('#walk-in-with', { index: 1 });
  await desk.page.locator('#walk-in-save').press('Enter');
  await desk.page.locator('#walk-in-patient').waitFor({ state: 'detached' });
  let fresh;
  await eventually('a new card', async () => (fresh = (await cards(desk)).find((id) => !before.includes(id))));
  return fresh;
}

/** The board shows a site. */
export async function ready(desk) {
  await desk.state('sent', 60_000);
  // On a Sunday nobody is booked; who comes in these journeys comes without an appointment.
  await desk.page.locator('.page-head .seg input:checked').waitFor({ state: 'attached', timeout: 60_000 });
}
