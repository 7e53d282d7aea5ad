import { expect, it } from 'vitest';
import { runCommand, surface } from './support/actions.ts';
import { ask } from '../support/ask.ts';
import { violations } from './support/axe.ts';
import { inModes } from './support/app-in-modes.ts';
import { drawnText, editorReady, fileTab, typeAtEnd } from './support/editor.ts';
import { buildSample } from './support/sample-build.ts';

inModes('the very first start', { welcome: true, modes: ['electron'] }, use => {
  it('welcomes, says what works on this machine, and lets one look around; once', async () => {
    const { page } = use().app;
    // Dialogs are closed before each test, and this one counts as seen then.
    await ask(page, 'settings.set', { welcomed: false });
    await page.reload();
    const dialog = page.getByRole('dialog', { name: 'Welcome to Layerwright' });
    await dialog.getByRole('heading', { name: 'This machine' }).waitFor();
    expect(await violations(page)).toEqual([]);
    for (const name of ['Look around', 'Open a folder…', 'Build the sample'])
      expect(await dialog.getByRole('button', { name }).isEnabled()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.reload();
    await editorReady(page);
    expect(await dialog.count()).toBe(0);
  });
});

inModes('the first run', {}, use => {
  it('shows the sample project at the very first start', async () => {
    const { page } = use().app;
    await editorReady(page);
    expect(await drawnText(page)).toContain('FROM ${BASE} AS site');
    expect(await page.getByRole('contentinfo').innerText()).toContain('Portable backend');
  });

  it('opens the sample project from the empty state', async () => {
    const { page } = use().app;
    await runCommand(page, 'Close folder');
    const editor = surface(page, 'Editor');
    await editor.getByRole('heading', { name: 'No folder is open' }).waitFor();
    const build = page.getByRole('banner').getByRole('button', { name: 'Build' });
    expect(await build.isDisabled()).toBe(true);
    await editor.getByRole('button', { name: 'Open the sample project' }).click();
    await fileTab(page, 'saved').waitFor();
    await editorReady(page);
    expect(await build.isEnabled()).toBe(true);
  });

  it('marks what was typed as unsaved, saves it with Build, and shows the steps and the log', async () => {
    const { page } = use().app;
    await typeAtEnd(page, '\nENV FIRST_RUN=yes\n');
    await fileTab(page, 'not saved').waitFor();
    await page.getByRole('banner').getByRole('button', { name: 'Build' }).click();

    const builds = surface(page, 'Builds');
    await builds.locator('.build__head').getByText('Succeeded').waitFor({ timeout: 20_000 });
    const steps = builds.getByRole('listbox', { name: 'Steps' });
    const states = await steps.getByRole('option').allInnerTexts();
    expect(states.length).toBe(13);
    expect(states.filter(state => !/Done|Cached/.test(state))).toEqual([]);
    await steps.getByRole('option', { name: 'ENV FIRST_RUN=yes' }).click();
    await builds.getByRole('log').getByText('ENV FIRST_RUN=yes').waitFor();
    await builds.getByRole('region', { name: 'Selected step' }).getByText('FIRST_RUN').waitFor();
  });

  it('goes from the result to its layers, and into one of them', async () => {
    const { page } = use().app;
    const notices = page.getByRole('region', { name: 'Notifications' });
    await notices.getByRole('button', { name: 'Show layers' }).click();
    const layers = surface(page, 'Layers');
    const chain = layers.getByRole('listbox', { name: 'Layers, base first' });
    await chain.getByRole('option', { name: /^Layer 0, Base/ }).waitFor();
    const mine = chain.getByRole('option', { name: /^Layer 2, Yours.*COPY/ });
    await mine.click();
    expect(await mine.getAttribute('aria-selected')).toBe('true');
    await layers.getByRole('heading', { name: 'Layer 2' }).waitFor();
    const tree = layers.getByRole('tree');
    await tree.getByRole('treeitem', { name: /Files/ }).click();
    await page.keyboard.press('ArrowRight');
    await tree.getByRole('treeitem', { name: /app/ }).first().waitFor();
  });

  it('comes back from a layer to its line of the Dockerfile', async () => {
    const { page } = use().app;
    const back = surface(page, 'Layers').getByRole('button', { name: /^Dockerfile line 21/ });
    await back.click();
    await fileTab(page, 'saved').waitFor();
    await expect.poll(() => drawnText(page)).toContain('ENV FIRST_RUN=yes');
  });

  it('takes everything from the cache the second time', async () => {
    const { page } = use().app;
    await buildSample(page);
    const steps = surface(page, 'Builds').getByRole('listbox', { name: 'Steps' });
    await expect.poll(() => steps.getByText('Cached').count()).toBe(8);
  });

  it('says what went wrong at which line, and what to do', async () => {
    const { page } = use().app;
    await page.keyboard.press('Alt+1');
    await typeAtEnd(page, 'COPY no-such-file.txt .\n');
    await fileTab(page, 'not saved').waitFor();
    await page.getByRole('banner').getByRole('button', { name: 'Build' }).click();
    const builds = surface(page, 'Builds');
    await builds
      .getByRole('log')
      .getByText(/no-such-file\.txt/)
      .first()
      .waitFor();
    await builds
      .getByRole('option', { name: /no-such-file/ })
      .getByText('Failed')
      .waitFor();
  });
});
