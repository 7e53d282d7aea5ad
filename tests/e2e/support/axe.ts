import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { productDir } from '../../support/bundled.ts';

const source = readFile(path.join(productDir, 'node_modules/axe-core/axe.min.js'), 'utf8');

const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * What axe-core finds against WCAG 2.2 AA in the page, one line for each element. The script goes in by
 * the debugging protocol, since the page's content policy allows none.
 */
export async function violations(page: Page): Promise<readonly string[]> {
  const known = await page.evaluate(() => 'axe' in globalThis);
  if (!known) await page.evaluate(await source);
  const { violations: found } = await page.evaluate<AxeResults, readonly string[]>(
    async values =>
      await (globalThis as never as { axe: { run(options: object): Promise<AxeResults> } }).axe.run(
        {
          runOnly: { type: 'tag', values },
          resultTypes: ['violations'],
        },
      ),
    tags,
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`),
  );
}
