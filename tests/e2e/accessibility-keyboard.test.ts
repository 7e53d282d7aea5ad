import { expect, it } from 'vitest';
import { goTo, railButton, surface, surfaceTitles } from './support/actions.ts';
import { inModes } from './support/app-in-modes.ts';
import { editorText, fileTab } from './support/editor.ts';
import { hasFocus, startOver, tabStops, tabTo } from './support/keyboard.ts';

inModes('by keyboard only', {}, use => {
  it('leaves the editor by Tab once Control+M was pressed', async () => {
    const { page } = use().app;
    const text = editorText(page);
    await text.focus();
    await page.keyboard.press('Control+M');
    await page.keyboard.press('Tab');
    expect(await hasFocus(text)).toBe(false);
    await fileTab(page, 'saved').waitFor();
  });

  it('builds the project and comes to the layers of the result', async () => {
    const { page } = use().app;
    const build = page.getByRole('banner').getByRole('button', { name: 'Build' });
    await build.waitFor();
    await tabTo(page, build);
    await page.keyboard.press('Enter');
    const show = page.getByRole('region', { name: 'Notifications' }).getByRole('button', {
      name: 'Show layers',
    });
    await show.waitFor({ timeout: 20_000 });
    await tabTo(page, show);
    await page.keyboard.press('Enter');
    await surface(page, 'Layers').waitFor();
  });

  it.each(surfaceTitles)('marks every stop of Tab in %s, and shows it', async title => {
    const { page } = use().app;
    await goTo(page, title);
    const stops = await tabStops(page);
    const [first] = stops;
    expect(first?.name).toBe('Skip to the content');
    expect(stops.filter(stop => !stop.marked)).toEqual([]);
    expect(stops.filter(stop => !stop.inView)).toEqual([]);
    // Bar, rail, surface, status: at least one stop in each.
    expect(stops.length).toBeGreaterThan(8);
  });

  it('skips the bar and the rail', async () => {
    const { page } = use().app;
    await goTo(page, 'Settings');
    await startOver(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    const reset = surface(page, 'Settings').getByRole('button', { name: 'Reset all' });
    expect(await hasFocus(reset)).toBe(true);
  });

  it('keeps the focus in a dialog and gives it back', async () => {
    const { page } = use().app;
    const reset = surface(page, 'Settings').getByRole('button', { name: 'Reset all' });
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Reset all settings?' });
    await dialog.waitFor();
    for (let count = 0; count < 6; count++) {
      // Between the last stop and the first one lies the browser itself.
      const outside = page.locator('#root :focus:not(dialog *)');
      expect(await outside.count()).toBe(0);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    // React gives it back once the dialog is out of the page.
    await expect.poll(() => hasFocus(reset)).toBe(true);
  });

  it('opens the menu of the project and of an image', async () => {
    const { page } = use().app;
    const menuButton = page.getByRole('banner').getByRole('button', { name: 'sample-project' });
    await tabTo(page, menuButton);
    await page.keyboard.press('ArrowDown');
    const menu = page.getByRole('menu', { name: 'Project' });
    expect(await hasFocus(menu.getByRole('menuitem', { name: 'Open folder…' }))).toBe(true);
    await page.keyboard.press('Escape');
    expect(await hasFocus(menuButton)).toBe(true);

    const images = await goTo(page, 'Images');
    const grid = images.getByRole('grid', { name: 'Images' });
    await tabTo(page, grid.locator('tbody tr').first());
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+F10');
    const actions = page.getByRole('menu', { name: 'Image' });
    await actions.getByRole('menuitem', { name: 'Show layers' }).waitFor();
    await page.keyboard.press('Enter');
    await surface(page, 'Layers').waitFor();
  });

  it('chooses a family of bases by arrows', async () => {
    const { page } = use().app;
    const bases = await goTo(page, 'Bases');
    await tabTo(page, bases.getByRole('option', { selected: true }));
    await page.keyboard.press('ArrowDown');
    const chosen = bases.getByRole('option', { name: /Server Core/, selected: true });
    await chosen.waitFor();
    await bases.getByRole('article', { name: 'Server Core (sample)' }).waitFor();
  });

  it('reaches the rail and goes along it', async () => {
    const { page } = use().app;
    await tabTo(page, railButton(page, 'Bases'));
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await surface(page, 'Settings').waitFor();
  });
});
