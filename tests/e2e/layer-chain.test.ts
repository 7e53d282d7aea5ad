import { expect, it } from 'vitest';
import { goTo, loaded, runCommand, surface } from './support/actions.ts';
import { inModes, sampleProject } from './support/app-in-modes.ts';
import { violations } from './support/axe.ts';
import { tabTo } from './support/keyboard.ts';
import { buildSample } from './support/sample-build.ts';

const base = 'layerwright.local/windows/nanoserver:ltsc2022';

inModes('layer chain', { modes: ['serve'], project: sampleProject }, use => {
  it('says what to do while there is no image', async () => {
    const { page } = use().app;
    const layers = await goTo(page, 'Layers');
    await layers.getByRole('heading', { name: 'No image to look into' }).waitFor();
    await layers.getByRole('button', { name: 'Make the sample base images' }).waitFor();
  });

  it('shows the layers of what was built, from the base to one’s own', async () => {
    const { page } = use().app;
    await buildSample(page);
    await goTo(page, 'Layers');
    await blocks().nth(3).waitFor();
    expect(await blocks().count()).toBe(4);
    expect(await blocks().first().innerText()).toContain('Base');
    expect(await blocks().last().innerText()).toMatch(/Yours[^]*COPY[^]*line \d+/);
    expect(await blocks().last().getAttribute('aria-selected')).toBe('true');
  });

  it('goes along the chain by the arrows and selects by Enter', async () => {
    const { page } = use().app;
    await tabTo(page, chain());
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const panel = layers().getByRole('region', { name: 'Selected layer' });
    await panel.getByRole('heading', { name: 'Layer 2' }).waitFor();
    await panel
      .getByRole('group', { name: /^Totals/ })
      .getByText('added')
      .waitFor();
  });

  it('opens the tree of the layer and tells all of a file', async () => {
    const { page } = use().app;
    await tabTo(page, layers().getByRole('tree', { name: 'Files' }));
    await page.keyboard.press('Home');
    for (const name of ['Files', 'app']) {
      await treeItem(name).waitFor();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowDown');
    }
    await treeItem('hello.cmd').click();
    const entry = layers().getByRole('region', { name: 'Details of the selected file' });
    await entry.getByRole('heading', { name: 'Files/app/hello.cmd' }).waitFor();
    await entry.getByText('Security (SDDL)').waitFor();
    expect(await violations(page)).toEqual([]);
    await entry.getByRole('button', { name: 'History' }).click();
    await entry.getByRole('button', { name: /^Layer 2.*added/ }).waitFor();
  });

  it('keeps only the chosen changes, and finds files by path', async () => {
    const { page } = use().app;
    const only = layers().getByRole('group', { name: 'Only these changes' });
    await only.getByRole('button', { name: 'deleted' }).click();
    await layers().getByText('No file was changed in the ways that are chosen.').waitFor();
    await only.getByRole('button', { name: 'deleted' }).click();
    const search = layers().getByRole('textbox', { name: 'Search files by path' });
    await search.fill('HELLO');
    await layers().getByText('1 match', { exact: true }).waitFor();
    await search.fill('no such file');
    await layers().getByText('0 matches').waitFor();
    await search.fill('');
    await layers().getByRole('tree', { name: 'Files' }).waitFor();
    await loaded(page);
  });

  it('drills into the treemap and comes out again by keyboard', async () => {
    const { page } = use().app;
    await blocks().first().click();
    await layers().getByRole('tab', { name: 'Treemap' }).click();
    const folder = layers().getByRole('navigation', { name: 'Folder' });
    await layers()
      .getByRole('listbox', { name: 'Treemap by size' })
      .getByRole('option')
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await folder.getByRole('button', { name: 'Files' }).waitFor();
    await expect
      .poll(async () => await page.evaluate(() => document.activeElement?.textContent))
      .toContain('Windows/');
    await page.keyboard.press('Backspace');
    await folder.getByRole('button', { name: 'Files' }).waitFor({ state: 'detached' });
    expect(await violations(page)).toEqual([]);
  });

  it('compares two layers', async () => {
    const { page } = use().app;
    await blocks().nth(2).click();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Shift+Enter');
    const differences = layers().getByRole('grid', { name: 'Differences', exact: true });
    const added = differences.getByRole('row', { name: /added Files\/app\/hello\.cmd/ });
    await added.waitFor();
    await layers().getByRole('button', { name: 'Swap before and after' }).click();
    await differences.getByRole('row', { name: /deleted Files\/app\/hello\.cmd/ }).waitFor();
    await layers().getByRole('textbox', { name: 'Filter by path' }).fill('no such file');
    await layers().getByText('no differences').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('compares with any image of the store, which is then shown too', async () => {
    const after = layers().getByRole('combobox', { name: 'Image after' });
    const shown = await after.inputValue();
    const others = await after
      .locator('option')
      .evaluateAll(options => options.map(option => (option as HTMLOptionElement).value));
    const other = others.find(reference => reference !== shown) ?? '';
    await layers().getByRole('textbox', { name: 'Filter by path' }).fill('');
    await layers().getByRole('combobox', { name: 'Image before' }).selectOption(other);
    await layers().getByRole('combobox', { name: 'Image 2' }).waitFor();
    await layers().getByRole('grid', { name: 'Differences', exact: true }).waitFor();
    await expect
      .poll(async () => await layers().getByRole('combobox', { name: 'Image before' }).inputValue())
      .toBe(other);
    expect(await after.inputValue()).toBe(shown);
    await layers()
      .getByRole('button', { name: /^Stop showing/ })
      .last()
      .click();
    await layers().getByRole('combobox', { name: 'Image 2' }).waitFor({ state: 'detached' });
  });

  it('joins images where they share layers', async () => {
    await layers().getByRole('button', { name: 'Add image' }).click();
    await layers().getByRole('combobox', { name: 'Image 2' }).selectOption(base);
    await layers().getByRole('button', { name: 'Compare images' }).waitFor();
    await expect.poll(async () => await blocks().count()).toBe(4);
    await chain()
      .getByRole('option', { name: /^Layer 0, Base.*shared with/ })
      .waitFor();
  });

  it('gives the same as a table, and the JSON of the image', async () => {
    const { page } = use().app;
    await runCommand(page, 'Show the layers as a table');
    const table = layers().getByRole('grid', { name: /^Layers and metadata/ });
    await table.getByRole('row', { name: /metadata only ENTRYPOINT/ }).waitFor();
    await table
      .getByRole('row', { name: /Yours COPY/ })
      .first()
      .click();
    await layers().getByRole('heading', { name: 'Layer 2' }).waitFor();
    await layers().getByRole('tab', { name: 'Metadata' }).click();
    await layers().getByRole('button', { name: 'Config JSON' }).click();
    await layers().getByText('"os": "windows"').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('goes to the line of the Dockerfile that made a layer', async () => {
    const { page } = use().app;
    await layers()
      .getByRole('button', { name: /^Dockerfile line \d+$/ })
      .first()
      .click();
    await surface(page, 'Editor').waitFor();
  });

  const layers = () => surface(use().app.page, 'Layers');
  const chain = () => layers().getByRole('listbox', { name: 'Layers, base first' });
  const blocks = () => chain().getByRole('option');
  const treeItem = (name: string) =>
    layers().getByRole('treeitem', { name: new RegExp(` ${name} `) });
});
