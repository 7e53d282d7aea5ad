import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, it } from 'vitest';
import { createBuildRecorder } from '../../electron/engine/state/build-recorder.ts';
import { openState } from '../../electron/engine/state/state.ts';
import { buildRequestSchema } from '../../shared/ipc/build-request.ts';
import { givePath, goTo, notice, surface } from './support/actions.ts';
import { inModes, sampleProject } from './support/app-in-modes.ts';
import { violations } from './support/axe.ts';
import { buildSample } from './support/sample-build.ts';

const esc = '\u001b';
const hostileLines = [
  '<img src=x onerror="document.title=`owned`"><script>document.title=`owned`</script>',
  `${esc}]8;;https://evil.example/${esc}\\click me${esc}]8;;${esc}\\ now`,
  `${esc}]0;owned\u0007a title`,
  `bell\u0007 and ${esc}[31mred${esc}[0m`,
  '\u202egnp.exe',
  `long ${'0123456789'.repeat(300)} end`,
];

/** Puts a build on record whose step talked and then failed, as another process would. */
async function recordTalkingBuild(dir: string): Promise<void> {
  const state = openState(path.join(dir, 'store'));
  const contextDir = path.join(dir, 'project');
  const dockerfile = path.join(contextDir, 'Dockerfile');
  const request = buildRequestSchema.parse({ contextDir, dockerfile, tags: ['hostile:1'] });
  const recorder = createBuildRecorder(state, request);
  const { buildId } = recorder.summary;
  const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 5 } };
  const step = (stepId: string, text: string) => ({ stepId, keyword: 'RUN', text, range });
  recorder.record({
    kind: 'build-started',
    buildId,
    backend: 'portable',
    contextDir,
    dockerfile,
  });
  const steps = [step('0.1', 'RUN talk'), step('0.2', 'RUN fail')];
  recorder.record({ kind: 'build-planned', stages: [{ stage: 0, base: 'base:1', steps }] });
  recorder.record({ kind: 'step-started', stepId: '0.1' });
  recorder.record({
    kind: 'step-output',
    stepId: '0.1',
    stream: 'stdout',
    lines: [...hostileLines, ...Array.from({ length: 5000 }, (_, n) => `item ${n}`)],
  });
  recorder.record({
    kind: 'step-finished',
    stepId: '0.1',
    outcome: 'ran',
    durationMs: 1200,
    phases: { run: 1000, hash: 100 },
  });
  recorder.record({ kind: 'step-started', stepId: '0.2' });
  const failure = {
    code: 'step-failed',
    file: 'Dockerfile',
    range,
    message: 'it ended with 1',
    advice: 'Look above.',
  } as const;
  recorder.record({ kind: 'step-failed', stepId: '0.2', failure });
  recorder.close({ kind: 'build-failed', failure });
  await state.close();
}

inModes('build log', { modes: ['serve'], project: sampleProject, samples: true }, use => {
  const builds = (): Locator => surface(use().app.page, 'Builds');
  const log = (): Locator => builds().getByRole('log', { name: 'Build log' });
  const row = (text: string): Locator => log().locator('[data-row]').filter({ hasText: text });
  const press = async (name: string): Promise<void> =>
    await builds().getByRole('button', { name, exact: true }).click();

  it('shows the steps of a build, and how long they took', async () => {
    const { page } = use().app;
    await buildSample(page);
    await goTo(page, 'Builds');
    await builds().getByRole('heading', { level: 2 }).waitFor();
    const steps = builds().getByRole('listbox', { name: 'Steps' }).getByRole('option');
    await expect.poll(() => steps.count()).toBeGreaterThan(2);
    await steps.filter({ hasText: 'Done' }).first().waitFor();
    await steps.filter({ hasText: 'layer' }).first().waitFor();
    await steps.first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await steps.nth(1).getAttribute('aria-selected')).toBe('true');
    await builds().getByRole('region', { name: 'Selected step' }).waitFor();
  });

  it('says where the time went, as bars and as a table', async () => {
    await builds().getByRole('tab', { name: 'Timing' }).click();
    const rows = builds().getByRole('grid', { name: 'Times of the steps' }).getByRole('row');
    expect(await rows.count()).toBeGreaterThan(2);
    expect(await violations(use().app.page)).toEqual([]);
    await builds().getByRole('tab', { name: 'Details' }).click();
    await builds().getByRole('region', { name: 'Request' }).getByText('Compression').waitFor();
    expect(await violations(use().app.page)).toEqual([]);
    await builds().getByRole('tab', { name: 'Log' }).click();
  });

  it('goes from a step to its line and to its layer', async () => {
    const { page } = use().app;
    const steps = builds().getByRole('listbox', { name: 'Steps' });
    await steps.getByRole('option').filter({ hasText: 'layer' }).last().click();
    await press('Show layer');
    await surface(page, 'Layers').waitFor();
    await goTo(page, 'Builds');
    await builds()
      .getByRole('button', { name: /^Line \d+$/ })
      .click();
    await surface(page, 'Editor').waitFor();
    await goTo(page, 'Builds');
  });

  it('opens a build that failed at its failure', async () => {
    await recordTalkingBuild(use().dir);
    const { page } = use().app;
    await builds().getByRole('textbox', { name: 'Search builds' }).fill('hostile');
    await builds()
      .getByRole('option', { name: /hostile:1.*Failed/ })
      .click();
    await row('it ended with 1').waitFor();
    await row('Look above.').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('shows whatever a log says as text', async () => {
    const { page } = use().app;
    const title = await page.title();
    await log().press('Home');
    await row(hostileLines[0] ?? '').waitFor();
    await row('click me now').waitFor();
    await row('a title').waitFor();
    await row('bell␇ and red').waitFor();
    await row('⟨U+202E⟩gnp.exe').waitFor();
    expect(await log().locator('a, img, script').count()).toBe(0);
    expect(await page.title()).toBe(title);
    expect(await violations(page)).toEqual([]);
  });

  it('cuts a long line until one asks for all of it', async () => {
    await row('long 0123').getByRole('button', { name: 'Show all 3,009 characters' }).click();
    await row('789 end').waitFor();
  });

  it('searches, goes from match to match, and shows only what matches', async () => {
    const { page } = use().app;
    await page.keyboard.press('Control+f');
    await page.keyboard.type('ITEM 49');
    await builds().getByText('111 lines').waitFor();
    await page.keyboard.press('F3');
    await builds().getByText('1 of 111').waitFor();
    await row('item 49').first().waitFor();
    await page.keyboard.press('Shift+F3');
    await builds().getByText('111 of 111').waitFor();
    await row('item 4999').waitFor();
    await press('Only matching lines');
    await log().press('Home');
    await expect.poll(() => log().locator('[data-row="1"]').innerText()).toContain('item 490');
    await press('Only matching lines');
    await press('Match case');
    await builds().getByText('no match').waitFor();
    await builds().getByRole('textbox', { name: 'Search the log' }).fill('');
    await press('Match case');
  });

  it('stays where it is, with its selection, while another surface is shown', async () => {
    const { page } = use().app;
    const steps = builds().getByRole('listbox', { name: 'Steps' });
    const selected = await steps.getByRole('option', { selected: true }).count();
    await log().press('Home');
    for (let pages = 0; pages < 5; pages++) await page.keyboard.press('PageDown');
    const shown = async () => await log().locator('[data-row]').nth(10).innerText();
    await expect.poll(shown).toMatch(/item \d+/);
    const before = await shown();
    await goTo(page, 'Editor');
    await goTo(page, 'Builds');
    await expect.poll(shown).toBe(before);
    expect(await steps.getByRole('option', { selected: true }).count()).toBe(selected);
    await builds().getByRole('separator', { name: 'Resize the log' }).focus();
    const width = async () => (await steps.boundingBox())?.width ?? 0;
    const former = await width();
    await page.keyboard.press('ArrowRight');
    await expect.poll(width).toBeGreaterThan(former);
    await page.keyboard.press('ArrowLeft');
  });

  it('folds a step and unfolds it again', async () => {
    await log().press('Home');
    const head = log().getByRole('button', { name: /RUN talk/ });
    await head.click();
    expect(await head.getAttribute('aria-expanded')).toBe('false');
    await row('it ended with 1').waitFor();
    await head.click();
    await row('click me now').waitFor();
  });

  it('goes to the failure by its key, and to the line that is to blame', async () => {
    const { page } = use().app;
    await page.keyboard.press('F8');
    await row('it ended with 1').getByRole('button').click();
    await surface(page, 'Editor').waitFor();
    await goTo(page, 'Builds');
  });

  it('shows the lines in the order of time, and wraps them', async () => {
    await press('Plain, in the order of time');
    await log().press('End');
    await row('item 4999').waitFor();
    await press('Wrap lines');
    await log().press('Home');
    await row('long 0123').waitFor();
    const { clientWidth, scrollWidth } = await log().evaluate(element => ({
      clientWidth: element.clientWidth,
      scrollWidth: element.scrollWidth,
    }));
    expect(scrollWidth).toBe(clientWidth);
    await press('Wrap lines');
    await press('By step');
  });

  it('saves every line as it was said', async () => {
    const { app, dir } = use();
    const file = path.join(dir, 'saved.log');
    await givePath(app, file, async () => await press('Save the log…'));
    await notice(app.page, 'Saved 5,006 lines').waitFor();
    const saved = (await readFile(file, 'utf8')).split('\n');
    expect(saved.slice(0, hostileLines.length)).toEqual(hostileLines);
  });

  it('deletes a build only when asked twice', async () => {
    const { page } = use().app;
    await builds()
      .getByRole('option', { name: /hostile:1/ })
      .press('Delete');
    const question = page.getByRole('dialog', { name: 'Delete this build?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await builds()
      .getByRole('option', { name: /hostile:1/ })
      .press('Delete');
    await question.getByRole('button', { name: 'Delete', exact: true }).click();
    await builds().getByText('No build matches.').waitFor();
  });
});
