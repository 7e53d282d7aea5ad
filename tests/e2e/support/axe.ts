import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { productDir } from '../../support/bundled.ts';

const source = readFile(path.join(productDir, 'node_modules/axe-core/axe.min.js'), 'utf8');

/** Everything of WCAG 2.2 AA; or only what a theme can change. */
const scopes = {
  everything: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  colours: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
} as const;

/**
 * What axe-core finds in the page, one line for each element. The script goes in by the debugging
 * protocol, since the page's content policy allows none.
 */
export async function violations(
  page: Page,
  scope: keyof typeof scopes = 'everything',
): Promise<readonly string[]> {
  const known = await page.evaluate(() => 'axe' in globalThis);
  if (!known) await page.evaluate(await source);
  const options = { runOnly: scopes[scope], resultTypes: ['violations'] };
  const { violations: found } = await page.evaluate(runInPage, options);
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}

async function runInPage(options: object): Promise<AxeResults> {
  const { axe } = globalThis as unknown as { axe: { run(how: object): Promise<AxeResults> } };
  // Colours that are still on their way to another theme's would be taken for what is drawn.
  const moving = document
    .getAnimations()
    .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(moving.map(animation => animation.finished));
  await new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  return await axe.run(options);
}
