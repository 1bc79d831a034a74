// WCAG 2.2 AA, as far as a machine can tell.
import axe from '@axe-core/playwright';

const AxeBuilder = axe.default ?? axe;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** Whether a target is still too small when it is scrolled to where nothing that stays in place lies over it. */
async function smallWherever(page, target) {
  await page.locator(target).first().evaluate((node) => node.scrollIntoView({ block: 'center' }));
  const options = { runOnly: { type: 'rule', values: ['target-size'] }, preload: false };
  const result = await new AxeBuilder({ page }).setLegacyMode(true).include(target).options(options).analyze();
  return result.violations.length > 0;
}

/** What is wrong with the page that is shown, one line each. */
export async function violations(page, where) {
  // Legacy mode opens no second page, which would count as another tab of the app.
  const result = await new AxeBuilder({ page }).setLegacyMode(true).options({ runOnly: TAGS, preload: false }).analyze();
  for (const one of result.violations.filter(({ id }) => id === 'target-size')) {
    const covered = ({ failureSummary }) => failureSummary.includes('obscured');
    const small = [];
    for (const node of one.nodes) if (!covered(node) || (await smallWherever(page, node.target[0]))) small.push(node);
    one.nodes = small;
  }
  return result.violations.filter((one) => one.nodes.length).map(
    (one) => `${where}: ${one.id} (${one.nodes.length}×) ${one.nodes[0].target.join(' ')}: ${one.nodes[0].failureSummary.split('\n').slice(1, 2).join('').trim().slice(0, 160)}`,
  );
}
