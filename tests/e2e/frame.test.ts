import { expect, it } from 'vitest';
import {
  loaded,
  notice,
  railButton,
  runCommand,
  surface,
  surfaceTitles,
} from './support/actions.ts';
import { inModes, sampleProject, usualViewport } from './support/app-in-modes.ts';
import { hasFocus } from './support/keyboard.ts';

inModes('a drop in the browser', { modes: ['serve'], project: sampleProject }, use => {
  it('is explained, and the app stays where it is', async () => {
    const { page } = use().app;
    const address = page.url();
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [import.meta.filename], dragOperationsMask: 1 };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data });
    }
    await notice(page, 'A browser does not tell where a dropped folder is.').waitFor();
    expect(page.url()).toBe(address);
    await page
      .getByRole('region', { name: 'Notifications' })
      .getByRole('button', { name: 'Open folder…' })
      .click();
    await page.getByRole('dialog', { name: 'Open folder' }).waitFor();
    await page.keyboard.press('Escape');
  });
});

inModes('the frame', { project: sampleProject }, use => {
  it('finds a command by a part of its name, runs it by Enter and gives the focus back', async () => {
    const { page } = use().app;
    await railButton(page, 'Editor').focus();
    await page.keyboard.press('Control+Shift+P');
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    const search = palette.getByRole('combobox', { name: 'Search commands' });
    await search.waitFor();
    expect(await hasFocus(search)).toBe(true);
    await search.fill('gotoset');
    await expect
      .poll(() => palette.getByRole('option', { selected: true }).innerText())
      .toContain('Go to Settings');
    await page.keyboard.press('Enter');
    await surface(page, 'Settings').waitFor();
    expect(await palette.count()).toBe(0);
    expect(await hasFocus(railButton(page, 'Editor'))).toBe(true);
  });

  it('says in the palette when no command fits, and closes it by Escape', async () => {
    const { page } = use().app;
    await page.keyboard.press('F1');
    const palette = page.getByRole('dialog', { name: 'Command palette' });
    await palette.getByRole('combobox').fill('zzzz');
    await palette.getByText('No command fits “zzzz”.').waitFor();
    // The first Escape empties the field, the second one closes.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
  });

  it('lists every key of every command on the sheet of shortcuts', async () => {
    const { page } = use().app;
    await railButton(page, 'Settings').focus();
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await sheet.waitFor();
    for (const title of ['Build image', 'Command palette', 'Save', 'Go to Layers']) {
      expect(await sheet.getByText(title, { exact: true }).count()).toBe(1);
    }
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  });

  it('goes along the rail by arrows and shows what Enter chooses', async () => {
    const { page } = use().app;
    await railButton(page, 'Settings').focus();
    await page.keyboard.press('ArrowDown');
    for (const title of surfaceTitles) {
      expect(await hasFocus(railButton(page, title))).toBe(true);
      await page.keyboard.press('Enter');
      await surface(page, title).waitFor();
      await loaded(page);
      expect(await railButton(page, title).getAttribute('aria-current')).toBe('page');
      await railButton(page, title).focus();
      await page.keyboard.press('ArrowDown');
    }
  });

  it('goes to each surface by its digit', async () => {
    const { page } = use().app;
    for (const [index, title] of surfaceTitles.entries()) {
      await page.keyboard.press(`Alt+${index + 1}`);
      await surface(page, title).waitFor();
      expect(await page.getByRole('region', { name: title, exact: true }).count()).toBe(1);
    }
  });

  it('switches the theme by command, and follows the system by default', async () => {
    const { page } = use().app;
    const theme = async () => await page.evaluate(() => document.documentElement.dataset['theme']);
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(theme).toBe('dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(theme).toBe('light');
    await runCommand(page, 'Theme: dark');
    await expect.poll(theme).toBe('dark');
    await runCommand(page, 'Theme: high contrast');
    await expect.poll(theme).toBe('hc-light');
    await runCommand(page, 'Theme: light');
    await expect.poll(theme).toBe('light');
    await page.emulateMedia({ colorScheme: 'light', contrast: 'more' });
    await expect.poll(theme).toBe('hc-light');
    await page.emulateMedia({ colorScheme: null, contrast: null });
    await runCommand(page, 'Theme: as the system');
  });

  it("takes the system's own colours and edges under a contrast theme", async () => {
    const { page } = use().app;
    await page.emulateMedia({ forcedColors: 'active', colorScheme: 'dark' });
    const chosen = railButton(page, 'Settings');
    await chosen.click();
    const drawn = await chosen.evaluate(element => ({
      theme: document.documentElement.dataset['theme'],
      outline: getComputedStyle(element).outlineStyle,
    }));
    expect(drawn).toEqual({ theme: 'hc-dark', outline: 'solid' });
    await page.emulateMedia({ forcedColors: null, colorScheme: null });
  });

  it('moves nothing where the system asks for less motion', async () => {
    const { page } = use().app;
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.keyboard.press('F1');
    const longest = await page.evaluate(() =>
      Math.max(
        0,
        ...[...document.querySelectorAll('*')].flatMap(element => {
          const { transitionDuration, animationDuration } = getComputedStyle(element);
          return `${transitionDuration},${animationDuration}`.split(',').map(Number.parseFloat);
        }),
      ),
    );
    expect(longest).toBeLessThanOrEqual(0.001);
    await page.keyboard.press('Escape');
    await page.emulateMedia({ reducedMotion: null });
  });

  it.each(surfaceTitles)('keeps %s within reach when zoomed to twice the size', async title => {
    const { page } = use().app;
    // A page at 200 % has half the pixels of CSS to lie in.
    await page.setViewportSize({ width: 640, height: 400 });
    await page.keyboard.press(`Alt+${surfaceTitles.indexOf(title) + 1}`);
    await surface(page, title).waitFor();
    await loaded(page);
    const { overflow, lost, vanished } = await page.evaluate(() => {
      const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
      const controls = [
        ...document.querySelectorAll<HTMLElement>('button, input, select, [role=tab], [role=tree]'),
      ].filter(
        element =>
          element.checkVisibility({ visibilityProperty: true }) &&
          element.closest('.monaco-editor, [aria-hidden=true]') === null,
      );
      const lost = controls.filter(element => {
        element.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        const { left, right, top, bottom } = element.getBoundingClientRect();
        const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2;
        const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2;
        const hit = document.elementFromPoint(x, y);
        return hit === null || !(element.contains(hit) || hit.contains(element));
      });
      // Of a text that is cut off at least some letters are to be read.
      const vanished = [...document.querySelectorAll<HTMLElement>('.truncate')]
        .filter(element => element.checkVisibility() && element.innerText.trim() !== '')
        .filter(element => element.clientWidth < Math.min(28, element.scrollWidth))
        .map(element => `${element.className}: ${element.innerText}`);
      return {
        vanished,
        overflow: scrollWidth > clientWidth || scrollHeight > clientHeight,
        lost: lost.map(
          element => element.getAttribute('aria-label') ?? element.outerHTML.slice(0, 120),
        ),
      };
    });
    await page.setViewportSize(usualViewport);
    expect(lost).toEqual([]);
    expect(vanished).toEqual([]);
    expect(overflow).toBe(false);
  });

  it('keeps a changed setting over a reload', async () => {
    const { app } = use();
    await app.page.keyboard.press('Alt+7');
    const settings = surface(app.page, 'Settings');
    await settings.getByRole('combobox', { name: 'Text size' }).selectOption('16 px');
    await settings.getByRole('switch', { name: 'Wrap long lines' }).click();
    await expect
      .poll(() => settings.getByRole('switch', { name: 'Wrap long lines' }).isChecked())
      .toBe(true);
    await app.crashPage();
    await expect
      .poll(() =>
        app.page.evaluate(() => document.documentElement.style.getPropertyValue('--font-size')),
      )
      .toBe('16px');
    await app.page.keyboard.press('Alt+7');
    const again = surface(app.page, 'Settings');
    expect(await again.getByRole('combobox', { name: 'Text size' }).inputValue()).toBe('16');
    expect(await again.getByRole('switch', { name: 'Wrap long lines' }).isChecked()).toBe(true);

    await again.getByRole('button', { name: 'Reset all' }).click();
    await app.page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click();
    await expect
      .poll(() => again.getByRole('combobox', { name: 'Text size' }).inputValue())
      .toBe('13');
  });
});
