import type { Locator, Page } from 'playwright-core';
import { surface } from './actions.ts';

/** The text of the file in the editor, as assistive technology finds it. */
export function editorText(page: Page, file = 'Dockerfile'): Locator {
  return surface(page, 'Editor').getByRole('textbox', { name: `${file}.` });
}

/** Waits until the editor takes text. What takes it has no size, so it never counts as visible. */
export async function editorReady(page: Page): Promise<void> {
  await editorText(page).waitFor({ state: 'attached' });
}

/** The lines that are drawn, with the blanks that Monaco draws as no-break spaces put right. */
export async function drawnText(page: Page): Promise<string> {
  const lines = await surface(page, 'Editor').locator('.view-lines').innerText();
  return lines.replaceAll('\u00a0', ' ');
}

/** Puts the cursor behind the last character and types. */
export async function typeAtEnd(page: Page, text: string): Promise<void> {
  await editorText(page).focus();
  await page.keyboard.press('Control+End');
  await page.keyboard.insertText(text);
}

/** The tab of a file; its name tells whether the file is saved. */
export function fileTab(page: Page, saved: 'saved' | 'not saved', file = 'Dockerfile'): Locator {
  const name = saved === 'saved' ? file : `${file} not saved`;
  return surface(page, 'Editor').getByRole('tab', { name, exact: true });
}
