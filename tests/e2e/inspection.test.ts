import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type {
  EnvironmentView,
  ProgramBases,
  ProgramsPage,
  RegistryChangesPage,
  WasteView,
} from '../../shared/ipc/inspect-views.ts';
import { givePath, goTo, loaded, notice, runCommand, surface } from './support/actions.ts';
import { inModes } from './support/app-in-modes.ts';
import { violations } from './support/axe.ts';
import { askCommandLine, inspectedProject, script } from './support/inspected-project.ts';
import { hasFocus, tabTo } from './support/keyboard.ts';
import { buildSample } from './support/sample-build.ts';

const image = 'project:latest';

inModes('inspection', { project: inspectedProject }, use => {
  it('shows owner, rules and times of a file', async () => {
    const { page } = use().app;
    await buildSample(page);
    await goTo(page, 'Layers');
    await blocks().nth(5).waitFor();
    for (const name of ['Files', 'app']) {
      await treeItem(name).click();
      await page.keyboard.press('ArrowRight');
    }
    await treeItem('run.cmd').click();
    await detail('selected file').getByRole('heading', { name: 'Files/app/run.cmd' }).waitFor();
    await detail('selected file').getByText('Owner', { exact: true }).waitFor();
    await detail('selected file').getByText('Administrators full control').waitFor();
    await detail('selected file').getByText('Modified', { exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('shows the content as text and as bytes, an image as an image', async () => {
    const { page } = use().app;
    await part('Content').click();
    const content = detail('selected file').getByLabel('Content of the file');
    await expect.poll(async () => await content.innerText()).toContain('first\nsecond\nthird');
    await detail('selected file').getByRole('button', { name: 'Bytes' }).click();
    await expect
      .poll(async () => await content.innerText())
      .toContain('00000000  66 69 72 73 74 0d 0a 73  65 63 6f 6e 64 0d 0a 74  first..second..t');
    await treeItem('dot.png').click();
    const picture = detail('selected file').getByRole('img', { name: /dot\.png/ });
    await picture.waitFor();
    const width = await picture.evaluate(element => (element as HTMLImageElement).naturalWidth);
    expect(width).toBe(1);
    expect(await violations(page)).toEqual([]);
  });

  it('extracts a file', async () => {
    const { app, dir } = use();
    await treeItem('run.cmd').click();
    const file = path.join(dir, 'extracted.cmd');
    await givePath(app, file, async () => await part('Extract…').click());
    await notice(app.page, /^Extracted 22 B to /).waitFor();
    expect(await readFile(file, 'utf8')).toBe(script.after);
  });

  it('tells what each layer did to a path, and goes to the layer and to the line', async () => {
    const { app, dir } = use();
    await part('History').click();
    const steps = detail('selected file').getByRole('list', { name: /^Through the layers/ });
    const told = await askCommandLine(dir, 'why-file', image, 'C:\\app\\run.cmd');
    expect(told).toMatchObject({ changes: [{ layerIndex: 3 }, { layerIndex: 5 }] });
    await steps.getByRole('button', { name: /^Layer 5.*modified/ }).waitFor();
    await steps.getByRole('button', { name: 'Line 5' }).waitFor();
    await steps.getByRole('button', { name: /^Layer 3.*added/ }).click();
    await layers().getByRole('heading', { name: 'Layer 3' }).waitFor();
    await steps.getByRole('button', { name: 'Line 8' }).click();
    await surface(app.page, 'Editor').waitFor();
    await goTo(app.page, 'Layers');
  });

  it('finds files in all layers at once, also hidden ones, and goes there', async () => {
    const { page } = use().app;
    await tab('Search');
    const form = layers().getByRole('search', { name: 'All layers' });
    await form.getByRole('combobox', { name: 'Search by' }).selectOption('Glob');
    await form.getByRole('textbox', { name: 'Pattern' }).fill('run.*');
    const found = layers().getByRole('grid', { name: 'Files found in all layers' });
    await found.getByRole('row', { name: /run\.cmd.*file 3 .*hidden/ }).waitFor();
    await found.getByRole('row', { name: /run\.cmd.*file 5 .*shown/ }).click();
    await layers().getByText('2 entries found in all layers').waitFor();
    expect(await violations(page)).toEqual([]);
    await layers().getByRole('button', { name: 'Same content' }).click();
    await layers().getByText('1 entry found in all layers').waitFor();
    await form.getByRole('textbox', { name: 'At least' }).fill('many');
    await form.getByText('A size is a number').waitFor();
    await form.getByRole('textbox', { name: 'At least' }).fill('');
    await form.getByRole('textbox', { name: 'sha256' }).fill('');
    await form.getByRole('textbox', { name: 'At least' }).fill('250 kB');
    await found.getByRole('row', { name: /symbols\.pdb/ }).waitFor();
    await found.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await treeItem('symbols.pdb').waitFor();
    await expect
      .poll(async () => await treeItem('symbols.pdb').getAttribute('aria-selected'))
      .toBe('true');
  });

  it('shows how the content of a file differs between two layers', async () => {
    const { page } = use().app;
    await blocks().nth(5).click();
    await tab('Compare');
    const differences = layers().getByRole('grid', { name: 'Differences', exact: true });
    await differences.getByRole('row', { name: /modified Files\/app\/run\.cmd/ }).click();
    const lines = layers().getByRole('grid', { name: 'Differences of the content' });
    await lines.getByRole('row', { name: /3 .*added third/ }).waitFor();
    expect(await lines.getByRole('row').count()).toBe(4);
    expect(await violations(page)).toEqual([]);
  });

  it('tells what a layer changed in the registry as the command line does', async () => {
    const { app, dir } = use();
    const told = (await askCommandLine(dir, 'reg', image, '--layer', '1')) as RegistryChangesPage;
    await blocks().nth(1).click();
    await tab('Registry');
    const changes = layers().getByRole('grid', { name: 'Changes in the registry' });
    await changes.waitFor();
    expect(await rowCount(changes)).toBe(told.rows.length);
    expect(told.rows.length).toBeGreaterThan(0);
    for (const { title, change } of told.rows) {
      await changes.getByRole('row', { name: new RegExp(`${change} ${title}`) }).waitFor();
    }
    await changes.getByRole('row', { name: /CurrentVersion/ }).click();
    await detail('selected change').getByText('UBR').waitFor();
    expect(await violations(app.page)).toEqual([]);
  });

  it('shows the keys of the registry as a tree, and the values of one', async () => {
    const { page } = use().app;
    await layers().getByRole('button', { name: 'Show the key' }).click();
    const keys = layers().getByRole('tree', { name: 'Keys of the registry' });
    await keys.getByRole('treeitem', { name: 'CurrentVersion', selected: true }).waitFor();
    const values = layers().getByRole('grid', { name: 'Values of the key' });
    await values.getByRole('row', { name: /CurrentBuild REG_SZ 20348/ }).waitFor();
    await detail('selected key').getByText('Hives/Software_Delta').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('looks through all hives, and leads to the key that was found', async () => {
    const { page } = use().app;
    await layers().getByRole('button', { name: 'Search', exact: true }).click();
    await layers().getByRole('textbox', { name: 'Search the registry' }).fill('currentbuild');
    const found = layers().getByRole('grid', { name: 'Found in the registry' });
    const row = found.getByRole('row', { name: /Name of value .*CurrentBuild .*20348/ }).first();
    await row.waitFor();
    expect(await violations(page)).toEqual([]);
    await layers()
      .getByRole('combobox', { name: 'Search by' })
      .selectOption({ label: 'Pattern (* and ?)' });
    await layers().getByRole('textbox', { name: 'Search the registry' }).fill('hklm\\*\\rpcss');
    await found.getByRole('row', { name: /Services\\RpcSs/ }).click();
    await layers().getByRole('button', { name: 'Show the key' }).click();
    const keys = layers().getByRole('tree', { name: 'Keys of the registry' });
    await keys.getByRole('treeitem', { name: /^RpcSs/, selected: true }).waitFor();
  });

  it('shows the environment with its sources, and the line that mends a conflict', async () => {
    const { app, dir } = use();
    const told = (await askCommandLine(dir, 'env', image)) as EnvironmentView;
    await tab('Environment');
    const variables = layers().getByRole('grid', { name: 'Environment variables' });
    await variables.waitFor();
    expect(await rowCount(variables)).toBe(told.variables.length);
    const conflicts = layers().getByRole('list', { name: 'Conflicts' });
    const fixes = told.conflicts.flatMap(({ fix }) => fix ?? []);
    expect(fixes[0]).toMatch(/^ENV PATH=/);
    for (const fix of fixes) await conflicts.getByText(fix, { exact: true }).waitFor();
    await variables.focus();
    await app.page.keyboard.press('Home');
    await variables.getByRole('row', { name: /^ALLUSERSPROFILE/ }).waitFor();
    await detail('selected variable').getByText('Windows sets it').waitFor();
    expect(await violations(app.page)).toEqual([]);
  });

  it('lists every instruction, and leads there from the marks of the chain', async () => {
    const { page } = use().app;
    const marks = layers().getByRole('toolbar', { name: 'Instructions that change no files' });
    await marks.getByRole('button', { name: /ENTRYPOINT/ }).focus();
    await page.keyboard.press('Enter');
    const list = layers().getByRole('list', { name: 'Instructions, base first' });
    const entrypoint = list.getByRole('listitem').filter({ hasText: 'ENTRYPOINT' });
    await expect.poll(async () => await hasFocus(entrypoint)).toBe(true);
    const config = layers().getByRole('region', { name: 'Config of the image' });
    await config.getByText('["cmd","/C","C:\\\\app\\\\run.cmd"]').waitFor();
    await config.getByRole('button', { name: 'Config JSON' }).click();
    await config.getByText('"os": "windows"').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('measures the waste as the command line does, and says how to avoid it', async () => {
    const { app, dir } = use();
    const told = (await askCommandLine(dir, 'waste', image)) as WasteView;
    await tab('Waste');
    await layers()
      .getByText(`${(told.efficiency * 100).toFixed(1)} %`)
      .waitFor();
    const categories = layers().getByRole('grid', { name: 'Waste by category' });
    for (const { title, files } of told.categories.filter(({ bytes }) => bytes > 0)) {
      await categories
        .getByRole('row')
        .filter({ hasText: title })
        .getByText(String(files))
        .waitFor();
    }
    await categories.getByRole('row', { name: /PDB/ }).click();
    const largest = layers().getByRole('grid', { name: 'Largest files of the category' });
    await largest.getByRole('row', { name: /symbols\.pdb/ }).waitFor();
    expect(await violations(app.page)).toEqual([]);
    await layers()
      .getByRole('button', { name: /^What if/ })
      .click();
    const advice = layers().getByRole('region', { name: 'What if' });
    for (const { title } of told.whatIfs) {
      await advice.getByRole('heading', { name: title, exact: true }).waitFor();
    }
    expect(told.whatIfs.length).toBeGreaterThan(0);
    expect(await violations(app.page)).toEqual([]);
  });

  it('names the libraries that programs lack, and what each base would lack', async () => {
    const { app, dir } = use();
    const told = (await askCommandLine(dir, 'programs', image)) as ProgramsPage & ProgramBases;
    await tab('Programs');
    const programs = layers().getByRole('grid', { name: 'Programs' });
    await programs.getByRole('row', { name: /tool\.exe libraries missing/ }).click();
    expect(await rowCount(programs)).toBe(told.rows.length);
    const imports = layers().getByRole('grid', { name: 'Imported libraries' });
    await imports.getByRole('row', { name: /nowhere\.dll missing/i }).waitFor();
    expect(await violations(app.page)).toEqual([]);
    await layers().getByRole('button', { name: 'Bases' }).click();
    const bases = layers().getByRole('grid', { name: 'Base images, smallest first' });
    await bases.waitFor();
    expect(await rowCount(bases)).toBe(told.bases.length);
    expect(await violations(app.page)).toEqual([]);
  });

  it('is where it was after other tabs, surfaces and images', async () => {
    const { page } = use().app;
    await blocks().nth(5).click();
    await tab('Files');
    await treeItem('run.cmd').click();
    await tab('Waste');
    await goTo(page, 'Images');
    await goTo(page, 'Layers');
    const slot = layers().getByRole('combobox', { name: 'Image' });
    await slot.selectOption({ label: 'nanoserver:ltsc2022 · layerwright.local/windows' });
    await blocks().filter({ hasText: 'Yours' }).first().waitFor({ state: 'detached' });
    await tab('Files');
    await slot.selectOption({ label: image });
    await blocks().nth(5).waitFor();
    await layers()
      .getByRole('treeitem', { name: /run\.cmd/, selected: true })
      .waitFor();
  });

  it('can be walked by keyboard alone', async () => {
    const { page } = use().app;
    await tabTo(page, blocks().last());
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await layers().getByRole('heading', { name: 'Layer 1' }).waitFor();
    await tabTo(page, layers().getByRole('tab', { name: 'Files' }));
    for (const next of ['Treemap', 'Search', 'Compare', 'Registry']) {
      await page.keyboard.press('ArrowRight');
      await layers().getByRole('tab', { name: next, selected: true }).waitFor();
    }
    await loaded(page);
    await tabTo(page, layers().getByRole('button', { name: 'Changes of this layer' }));
    await page.keyboard.press('Enter');
    const changes = layers().getByRole('grid', { name: 'Changes in the registry' });
    await changes.waitFor();
    await tabTo(page, changes);
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await detail('selected change').getByRole('heading').first().waitFor();
    await tabTo(page, layers().getByRole('button', { name: 'Show the key' }));
    await page.keyboard.press('Enter');
    await layers().getByRole('tree', { name: 'Keys of the registry' }).waitFor();
  });

  const layers = () => surface(use().app.page, 'Layers');
  const blocks = () =>
    layers().getByRole('listbox', { name: 'Layers, base first' }).getByRole('option');
  const detail = (of: string) => layers().getByRole('region', { name: `Details of the ${of}` });
  const part = (name: string) => detail('selected file').getByRole('button', { name, exact: true });
  const treeItem = (name: string) =>
    layers().getByRole('treeitem', { name: new RegExp(` ${name} `) });
  const rowCount = async (grid: ReturnType<typeof layers>) =>
    Number(await grid.getAttribute('aria-rowcount')) - 1;

  async function tab(name: string): Promise<void> {
    await layers().getByRole('tab', { name, exact: true }).click();
    await loaded(use().app.page);
  }
});

const tabs = [
  'Files',
  'Treemap',
  'Search',
  'Compare',
  'Registry',
  'Environment',
  'Metadata',
  'Waste',
  'Programs',
] as const;

inModes('inspection in themes', { modes: ['serve'], project: inspectedProject }, use => {
  it('has an image to look into', async () => {
    const { page } = use().app;
    await buildSample(page);
    const layers = await goTo(page, 'Layers');
    await layers.getByRole('option', { name: /^Layer 5/ }).waitFor();
  });

  it.each([
    ['dark', 'light', 'dark'],
    ['high contrast', 'light', 'hc-light'],
    ['high contrast', 'dark', 'hc-dark'],
  ] as const)(
    'has enough contrast in every tab, theme %s on a %s system',
    async (theme, colorScheme, shown) => {
      const { page } = use().app;
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await runCommand(page, `Theme: ${theme}`);
      await page.locator(`html[data-theme=${shown}]`).waitFor();
      for (const tab of tabs) {
        await surface(page, 'Layers').getByRole('tab', { name: tab, exact: true }).click();
        await loaded(page);
        expect([tab, await violations(page, 'colours')]).toEqual([tab, []]);
      }
    },
  );
});
