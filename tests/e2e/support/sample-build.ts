import type { Page } from 'playwright-core';
import { notice, surface } from './actions.ts';

/** Presses Build and waits for the notice that tells the success. Gives the notice's text. */
export async function buildSample(page: Page): Promise<string> {
  await page.getByRole('banner').getByRole('button', { name: 'Build' }).click();
  await surface(page, 'Builds').waitFor();
  const built = notice(page, /^Built .+ in .+\.$/).last();
  await built.waitFor({ timeout: 20_000 });
  return await built.innerText();
}
