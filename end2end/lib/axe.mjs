// WCAG 2.2 AA, as far as a machine can tell.
import axe from '@axe-core/playwright';

const AxeBuilder = axe.default ?? axe;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** What is wrong with the page that is shown, one line each. */
export async function violations(page, where) {
  // Legacy mode opens no second page, which would count as another tab of the app.
  const result = await new AxeBuilder({ page }).setLegacyMode(true).options({ runOnly: TAGS, preload: false }).analyze();
  return result.violations.map(
    (one) => `${where}: ${one.id} (${one.nodes.length}×) ${one.nodes[0].target.join(' ')}: ${one.nodes[0].failureSummary.split('\n').slice(1, 2).join('').trim().slice(0, 160)}`,
  );
}
