import { expect, it } from 'vitest';
import { goTo, runCommand, surface, surfaceTitles } from './support/actions.ts';
import { inModes } from './support/app-in-modes.ts';
import { violations } from './support/axe.ts';
import { buildSample } from './support/sample-build.ts';

const dialogs = [
  ['Keyboard shortcuts', 'Keyboard shortcuts'],
  ['Open folder…', 'Open folder'],
  ['About Layerwright', 'About Layerwright'],
  ['Check what this machine can do', 'This machine'],
] as const;

const themes = [
  { name: 'dark', scheme: 'light', shown: 'dark' },
  { name: 'high contrast', scheme: 'light', shown: 'hc-light' },
  { name: 'high contrast', scheme: 'dark', shown: 'hc-dark' },
] as const;

// What is drawn is the same in both modes; only the browser has the dialog that asks for a path.
inModes('accessibility', { modes: ['serve'] }, use => {
  it('has a sample that is built, so that every surface has something to show', async () => {
    await buildSample(use().app.page);
  });

  it.each(surfaceTitles)('finds nothing against WCAG 2.2 AA in %s', async title => {
    const { page } = use().app;
    await goTo(page, title);
    expect(await violations(page)).toEqual([]);
  });

  it('finds nothing in dialogs and menus', async () => {
    const { page } = use().app;
    await page.keyboard.press('F1');
    await page.getByRole('dialog', { name: 'Command palette' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    for (const [command, title] of dialogs) {
      await runCommand(page, command);
      await page.getByRole('dialog', { name: title }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog', { name: title }).waitFor({ state: 'detached' });
    }
    const settings = await goTo(page, 'Settings');
    await settings.getByRole('button', { name: 'Show diagnostics' }).click();
    await page.getByRole('dialog', { name: 'Diagnostics' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    const images = await goTo(page, 'Images');
    await images
      .getByRole('button', { name: /^More for/ })
      .first()
      .click();
    await page.getByRole('menu', { name: 'Image' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  for (const theme of themes) {
    it(`has enough contrast on every surface, theme ${theme.name} on a ${theme.scheme} system`, async () => {
      const { page } = use().app;
      await page.emulateMedia({ colorScheme: theme.scheme, reducedMotion: 'reduce' });
      await runCommand(page, `Theme: ${theme.name}`);
      await page.locator(`html[data-theme=${theme.shown}]`).waitFor();
      for (const title of surfaceTitles) {
        await goTo(page, title);
        expect(await violations(page, 'colours')).toEqual([]);
      }
    });
  }

  it('finds nothing in the empty states', async () => {
    const { page } = use().app;
    await runCommand(page, 'Close folder');
    await goTo(page, 'Editor');
    await surface(page, 'Editor').getByRole('heading', { name: 'No folder is open' }).waitFor();
    expect(await violations(page)).toEqual([]);
  });
});
