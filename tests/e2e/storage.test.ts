import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { digestOf } from '../../electron/engine/content/verified.ts';
import { goTo, loaded, notice, runCommand } from './support/actions.ts';
import { inModes, usualViewport } from './support/app-in-modes.ts';
import { violations } from './support/axe.ts';
import { buildSample } from './support/sample-build.ts';

inModes('storage and history', { modes: ['serve'] }, use => {
  it('shows what takes room, by kind and one by one', async () => {
    const { page } = use().app;
    await buildSample(page);
    const storage = await goTo(page, 'Storage');
    const table = storage.getByRole('grid', { name: 'What takes room' });
    await table.getByRole('row', { name: /nanoserver:latest/ }).waitFor();
    await storage.getByRole('button', { name: /^Images/ }).click();
    expect(await table.getByRole('row').count()).toBe(2);
    await storage.getByRole('button', { name: /^Images/ }).press('ArrowRight');
    await page.keyboard.press('Enter');
    expect(await storage.getByRole('button', { pressed: true }).count()).toBe(1);
    await page.keyboard.press('Enter');
    expect(await storage.getByRole('button', { pressed: true }).count()).toBe(0);
  });

  it('shows rows of the list also in a low window', async () => {
    const { page } = use().app;
    await page.setViewportSize({ width: 640, height: 400 });
    const storage = await goTo(page, 'Storage');
    const table = storage.getByRole('grid', { name: 'What takes room' });
    const { y = Infinity, height = 0 } = (await table.getByRole('row').nth(2).boundingBox()) ?? {};
    const status = await page.getByRole('contentinfo').boundingBox();
    expect(y + height).toBeLessThan(status?.y ?? 0);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize(usualViewport);
  });

  it('removes one thing by keyboard, with what it frees said before', async () => {
    const { page } = use().app;
    const storage = await goTo(page, 'Storage');
    await storage.getByRole('textbox', { name: 'Filter what takes room' }).fill('servercore:multi');
    const table = storage.getByRole('grid', { name: 'What takes room' });
    await table.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /servercore:multi\?$/ });
    await dialog.getByText(/would be removed\. That frees/).waitFor();
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: /^Remove and free/ }).press('Enter');
    await notice(page, /^Removed .*, .* freed\.$/).waitFor();
    await dialog.waitFor({ state: 'detached' });
    await storage.getByText('Nothing fits “servercore:multi”').waitFor();
    await storage.getByRole('button', { name: 'Show everything' }).click();
  });

  it('cleans up by rules, and removes nothing that its preview did not list', async () => {
    const { page } = use().app;
    await runCommand(page, 'Clean up the store…');
    const dialog = page.getByRole('dialog', { name: 'Clean up the store' });
    await dialog.getByRole('textbox', { name: 'Unused for days' }).fill('x');
    await dialog.getByText('This is not a number.').waitFor();
    expect(await dialog.getByRole('button', { name: 'Remove' }).isDisabled()).toBe(true);
    await dialog.getByRole('textbox', { name: 'Unused for days' }).fill('0');
    const preview = dialog.getByRole('grid', { name: 'What would be removed' });
    await preview
      .getByRole('row', { name: /Build cache/ })
      .first()
      .waitFor();
    expect(await preview.getByRole('row', { name: /nanoserver/ }).count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: /^Remove and free/ }).click();
    await dialog.waitFor({ state: 'detached' });
    const images = await goTo(page, 'Images');
    await images.getByText('nanoserver', { exact: true }).first().waitFor();
  });

  it('finds a blob that was damaged, and repairs', async () => {
    const { page } = use().app;
    // A blob that nothing needs, so that nothing is lost with it.
    const name = digestOf('what it should hold').slice('sha256:'.length);
    writeFileSync(path.join(use().dir, 'store/blobs/sha256', name), 'what it holds');
    const storage = await goTo(page, 'Storage');
    await storage.getByRole('button', { name: 'Verify' }).click();
    const check = storage.getByRole('region', { name: 'Check of the store' });
    await check.getByText(`The blob ${name.slice(0, 12)}`).waitFor();
    expect(await violations(page)).toEqual([]);
    await check.getByRole('button', { name: 'Repair' }).click();
    await check.getByText(`Removed the damaged blob ${name.slice(0, 12)}.`).waitFor();
    await storage.getByRole('button', { name: 'Verify' }).click();
    await check.getByText(/^All is well/).waitFor();
    await check.getByRole('button', { name: 'Close' }).click();
    await check.waitFor({ state: 'detached' });
  });

  it('puts two builds side by side, and shows how a folder went', async () => {
    const { page } = use().app;
    await buildSample(page);
    const builds = await goTo(page, 'Builds');
    await builds.getByRole('tab', { name: 'Compare' }).click();
    await loaded(page);
    await builds.getByText(/took .* (?:longer|less)|took as long/).waitFor();
    expect(
      await builds
        .getByRole('grid', { name: 'Steps of both builds' })
        .getByRole('row', { name: /COPY app/ })
        .count(),
    ).toBe(1);
    expect(await violations(page)).toEqual([]);
    await builds.getByRole('tab', { name: 'Trends' }).click();
    await loaded(page);
    const trend = builds.getByRole('grid', { name: 'Builds of the folder' });
    expect(await trend.getByRole('row').count()).toBe(3);
    expect(await violations(page)).toEqual([]);
  });

  it('narrows the list of builds, and deletes many', async () => {
    const { page } = use().app;
    const builds = await goTo(page, 'Builds');
    await builds.getByRole('button', { name: 'Filters' }).click();
    await builds.getByRole('combobox', { name: 'Result' }).selectOption('failed');
    await builds.getByText('No build matches.').waitFor();
    await builds.getByRole('combobox', { name: 'Result' }).selectOption('');
    await builds.getByRole('combobox', { name: 'Time' }).selectOption('1');
    expect(await violations(page)).toEqual([]);
    await builds.getByRole('button', { name: 'Clear the filters' }).click();
    await builds.getByRole('button', { name: 'Delete several builds…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete builds of all folders' });
    await dialog.getByRole('combobox', { name: 'Builds' }).selectOption('0');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Delete 2 builds' }).click();
    await notice(page, 'Deleted 2 builds.').waitFor();
  });
});
