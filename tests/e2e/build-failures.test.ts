import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { goTo, surface } from './support/actions.ts';
import { inModes, usualViewport } from './support/app-in-modes.ts';
import { editorReady } from './support/editor.ts';

const text = [
  '# escape=`',
  'FROM layerwright.local/windows/nanoserver:ltsc2022',
  `LABEL long="${'x'.repeat(400)}"`,
  'RUN <<EOF',
  'dir',
  'EOF',
  '',
].join('\n');

async function project(dir: string): Promise<void> {
  await writeFile(path.join(dir, 'Dockerfile'), text);
}

inModes('a build that fails before its first step', { project }, use => {
  it('says why, what to do and where, and goes there', async () => {
    const { page } = use().app;
    await editorReady(page);
    await page.getByRole('banner').getByRole('button', { name: 'Build' }).click();
    const builds = surface(page, 'Builds');
    await builds.getByRole('heading', { name: 'The build failed before its first step' }).waitFor();
    await builds
      .getByText(/RUN needs a Windows machine/)
      .first()
      .waitFor();
    await builds
      .getByText(/Build on Windows with the hcs backend/)
      .first()
      .waitFor();
    expect(await builds.getByText('This build said nothing.').count()).toBe(0);
    await builds.getByRole('button', { name: 'Go to line 4' }).click();
    const editor = surface(page, 'Editor');
    await editor.locator('.editor-mark--failed').first().waitFor();
    await expect.poll(() => editor.locator('.active-line-number').innerText()).toMatch(/^[46]$/);
  });

  it('shows an error of syntax at its line', async () => {
    const { page } = use().app;
    await goTo(page, 'Editor');
    await writeFile(path.join(use().dir, 'project/Dockerfile'), 'FROM a\nCOPPY a b\n');
    await page.keyboard.press('Control+B');
    const builds = surface(page, 'Builds');
    await builds
      .getByText(/Unknown instruction: COPPY/)
      .first()
      .waitFor();
    await builds.getByRole('button', { name: 'Go to line 2' }).waitFor();
  });
});

const multiStage = [
  'FROM layerwright.local/windows/nanoserver:ltsc2022 AS files',
  'COPY <<EOF C:/made/hello.txt',
  'hello',
  'EOF',
  `LABEL long="${'x'.repeat(400)}"`,
  'FROM layerwright.local/windows/nanoserver:ltsc2022',
  'COPY --from=files C:/made C:/app',
  '',
].join('\n');

inModes(
  'a build of two stages with a here-document',
  {
    project: async dir => await writeFile(path.join(dir, 'Dockerfile'), multiStage),
    samples: true,
  },
  use => {
    it('tells at each line how long it took, and how large its layer is', async () => {
      const { page } = use().app;
      await editorReady(page);
      await page.getByRole('banner').getByRole('button', { name: 'Build' }).click();
      await surface(page, 'Builds')
        .locator('.build__head')
        .getByText('Succeeded')
        .waitFor({ timeout: 60_000 });
      const editor = await goTo(page, 'Editor');
      const marks = editor.locator('.editor-mark');
      await expect.poll(() => marks.count()).toBe(5);
      const words = (await marks.allInnerTexts()).map(word =>
        word.replaceAll('\u00a0', ' ').trim(),
      );
      expect(words.filter(word => /\d+ m?s · [\d.,]+ (B|KB|MB|KiB|MiB)/.test(word)).length).toBe(2);
      await page.keyboard.press('Control+B');
      await surface(page, 'Builds').waitFor();
      await goTo(page, 'Editor');
      await expect.poll(() => editor.locator('.editor-mark--cached').count()).toBeGreaterThan(2);
    });

    it('keeps a long title within the log', async () => {
      const { page } = use().app;
      const builds = await goTo(page, 'Builds');
      const log = builds.getByRole('log');
      await log.locator('.log-head').nth(2).waitFor();
      const outside = await log.evaluate(view => {
        const { right } = view.getBoundingClientRect();
        return [...view.querySelectorAll('.log-head__facts')].filter(
          facts => facts.getBoundingClientRect().right > right + 1,
        ).length;
      });
      expect(outside).toBe(0);
    });

    it('shows list, steps and log one after the other in a narrow window', async () => {
      const { page } = use().app;
      await page.setViewportSize({ width: 640, height: 400 });
      const builds = await goTo(page, 'Builds');
      await builds.getByRole('tab', { name: 'Steps' }).click();
      const step = builds.getByRole('option', { name: /COPY --from=files/ });
      await step.click();
      await builds.getByRole('button', { name: 'Show layer' }).waitFor();
      await builds.getByRole('tab', { name: 'Log' }).click();
      await builds.getByRole('log').waitFor();
      await builds.getByRole('button', { name: 'All builds' }).click();
      const row = builds.getByRole('listbox', { name: 'Builds' }).getByRole('option').first();
      expect((await row.locator('.builds-list__title').boundingBox())?.width).toBeGreaterThan(60);
      await row.click();
      await builds.getByRole('tab', { name: 'Steps' }).waitFor();
      await page.setViewportSize(usualViewport);
      await builds.getByRole('listbox', { name: 'Steps' }).waitFor();
    });
  },
);
