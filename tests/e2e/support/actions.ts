import type { Locator, Page } from 'playwright-core';
import type { RunningApp } from '../../support/app.ts';

/** The surfaces as the rail names them, in its order. */
export const surfaceTitles = [
  'Editor',
  'Bases',
  'Builds',
  'Layers',
  'Images',
  'Storage',
  'Settings',
] as const;
export type SurfaceTitle = (typeof surfaceTitles)[number];

/** The surface in view. Hidden ones have no role. */
export function surface(page: Page, title: SurfaceTitle): Locator {
  return page.getByRole('region', { name: title, exact: true });
}

export function railButton(page: Page, title: SurfaceTitle): Locator {
  return page.getByRole('navigation', { name: 'Surfaces' }).getByRole('button', { name: title });
}

/** Goes to a surface by its key, and waits until its content is there. */
export async function goTo(page: Page, title: SurfaceTitle): Promise<Locator> {
  await page.keyboard.press(`Alt+${surfaceTitles.indexOf(title) + 1}`);
  const shown = surface(page, title);
  await shown.waitFor();
  await loaded(page);
  return shown;
}

/** Waits until nothing in view is a placeholder for what still loads. */
export async function loaded(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      ![...document.querySelectorAll('.skeleton, [aria-busy=true]')].some(element =>
        element.checkVisibility(),
      ),
  );
}

/** Runs a command by its title from the palette, by keyboard alone. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await palette.getByRole('combobox', { name: 'Search commands' }).fill(title);
  await palette.getByRole('option', { name: title }).first().waitFor();
  await page.keyboard.press('Enter');
  await palette.waitFor({ state: 'detached' });
}

/** Answers the next question for a path: the system's dialog in the window, a typed path in the browser. */
export async function givePath(
  { page, main }: RunningApp,
  file: string,
  ask: () => Promise<void>,
): Promise<void> {
  await main?.answerDialogs([{ canceled: false, filePath: file, filePaths: [file] }]);
  await ask();
  if (main !== undefined) return;
  const dialog = page
    .getByRole('dialog')
    .filter({ hasText: 'on the machine where Layerwright runs' });
  await dialog.getByRole('textbox').fill(file);
  await page.keyboard.press('Enter');
}

/** A notice in the corner. */
export function notice(page: Page, text: string | RegExp): Locator {
  return page.getByRole('region', { name: 'Notifications' }).getByText(text);
}
