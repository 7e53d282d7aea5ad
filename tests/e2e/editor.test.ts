import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { goTo, loaded, runCommand, surface } from './support/actions.ts';
import { inModes, type AppUnderTest } from './support/app-in-modes.ts';
import { violations } from './support/axe.ts';

const start = [
  '# escape=`',
  'FROM layerwright.local/windows/nanoserver:ltsc2022 AS build',
  'WORKDIR C:\\src',
  'COPY a.txt C:\\src\\',
  '',
  'FROM layerwright.local/windows/nanoserver:ltsc2022',
  'COPY --from=build C:\\src C:\\app',
  'ENTRYPOINT ["cmd"]',
  '',
].join('\n');

async function project(dir: string): Promise<void> {
  await writeFile(path.join(dir, 'Dockerfile'), start);
  await writeFile(path.join(dir, '.dockerignore'), '# nothing\n*.key\n');
  await mkdir(path.join(dir, 'assets'));
  await writeFile(path.join(dir, 'assets/logo.txt'), 'logo');
  await writeFile(path.join(dir, 'assets.key'), 'secret');
  await writeFile(path.join(dir, 'a.txt'), 'hello');
}

async function onDisk({ dir }: AppUnderTest): Promise<string> {
  return await readFile(path.join(dir, 'project/Dockerfile'), 'utf8');
}

/** The editor with its text on display. */
async function ready(page: Page): Promise<void> {
  await page.locator('.view-line span span').first().waitFor({ timeout: 30_000 });
  await loaded(page);
}

/** Puts the text back to what it was at first, and the cursor behind it. */
async function restore(use: AppUnderTest): Promise<void> {
  const { page } = use.app;
  // Where a test failed in another place, the ones behind it should not.
  await page.keyboard.press('Escape');
  await page.keyboard.press('Alt+1');
  await page.getByRole('tab', { name: /^Dockerfile/ }).click();
  await writeFile(path.join(use.dir, 'project/Dockerfile'), start);
  await ready(page);
  await page.locator('.monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await paste(page, start);
}

/** Types a text at once, without what the editor adds to keys. */
async function paste(page: Page, text: string): Promise<void> {
  await page.keyboard.insertText(text);
}

async function goToLine(page: Page, line: number): Promise<void> {
  await page.keyboard.press('Control+G');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.type(String(line));
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await page.keyboard.press('End');
}

/** The text as the editor shows it; all of it fits. */
async function shownText(page: Page): Promise<string> {
  const lines = page.locator('.monaco-editor .view-line');
  const placed = await lines.evaluateAll(elements =>
    elements.map(element => ({
      top: Number.parseFloat(getComputedStyle(element).top),
      text: element.textContent,
    })),
  );
  return placed
    .toSorted((a, b) => a.top - b.top)
    .map(({ text }) => text.replaceAll('\u00A0', ' '))
    .join('\n');
}

inModes('the editor', { project, samples: true }, use => {
  it('shows the Dockerfile in colour, with its outline', async () => {
    const { page } = use().app;
    await ready(page);
    const outline = page.getByRole('tree', { name: 'Stages and instructions' });
    await outline.getByText('build', { exact: true }).waitFor();
    const kinds = await page
      .locator('.monaco-editor .view-line span span')
      .evaluateAll(spans => new Set(spans.map(span => span.className)).size);
    expect(kinds).toBeGreaterThan(3);
  });

  it('offers instructions, stages and base images while typing', async () => {
    const { page } = use().app;
    await restore(use());
    const offered = page.locator('.suggest-widget.visible').getByRole('option');
    await page.keyboard.type('CO');
    await offered.filter({ hasText: 'COPY' }).first().waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.type('PY --from=');
    await offered.filter({ hasText: 'build' }).first().waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => shownText(page)).toContain('COPY --from=build');
    await page.keyboard.press('Enter');
    await page.keyboard.type('FROM ');
    await offered.filter({ hasText: 'layerwright.local/windows/' }).first().waitFor();
    await page.keyboard.press('Escape');
  });

  it('completes paths of the build context, without what is ignored', async () => {
    const { page } = use().app;
    await restore(use());
    const offered = page.locator('.suggest-widget.visible').getByRole('option');
    await page.keyboard.type('COPY a');
    await offered.filter({ hasText: 'a.txt' }).first().waitFor();
    await page.keyboard.type('sset');
    await offered.filter({ hasText: 'assets/' }).first().waitFor();
    expect(await offered.filter({ hasText: 'assets.key' }).count()).toBe(0);
    await page.keyboard.press('Enter');
    await offered.filter({ hasText: 'logo.txt' }).first().waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => shownText(page)).toContain('COPY assets/logo.txt');
    await page.keyboard.press('Enter');
    await page.keyboard.type('COPY --from=build ');
    await offered.filter({ hasText: 'C:\\src' }).first().waitFor();
    await page.keyboard.press('Escape');
  });

  it('goes from the use of a stage to its definition', async () => {
    const { page } = use().app;
    await restore(use());
    await goToLine(page, 7);
    await page.keyboard.press('Home');
    for (let at = 0; at < 'COPY --from=b'.length; at++) await page.keyboard.press('ArrowRight');
    await page.keyboard.press('F12');
    await expect.poll(() => page.locator('.line-numbers.active-line-number').innerText()).toBe('2');
  });

  it('marks what is wrong, counts it, and mends it by a quick fix', async () => {
    const { page } = use().app;
    await restore(use());
    await paste(page, 'COPPY a b');
    const problems = page.getByRole('region', { name: 'Problems' });
    await problems.getByText('Unknown instruction: COPPY.').waitFor();
    await page.getByRole('status').getByText('1 error, 0 warnings').waitFor();
    await page.keyboard.press('F8');
    await page.locator('.marker-widget').getByText('Unknown instruction: COPPY.').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+.');
    await page.locator('.action-widget').getByText('Write COPY').waitFor();
    await page.keyboard.press('Enter');
    await expect.poll(() => shownText(page)).toContain('COPY a b');
    await problems.getByText('No problems found in this file.').waitFor();
    // This one comes from the language service.
    await page.keyboard.press('End');
    await page.keyboard.type(' c');
    await problems.getByText(/dockerfile-utils/).waitFor();
  });

  it('goes from the list of problems to the place, and back by undo', async () => {
    const { page } = use().app;
    await restore(use());
    await paste(page, 'COPPY a b');
    const problems = page.getByRole('region', { name: 'Problems' });
    const row = problems.getByRole('button', { name: /Unknown instruction/ });
    await row.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('RUN');
    await expect.poll(() => shownText(page)).toContain('RUN a b');
    await page.keyboard.press('Control+Z');
    await expect.poll(() => shownText(page)).toContain('COPPY a b');
  });

  it('explains what is at the cursor', async () => {
    const { page } = use().app;
    await restore(use());
    await goToLine(page, 7);
    await runCommand(page, 'Explain what is at the cursor');
    await page.locator('.monaco-hover').getByText('C:\\app').first().waitFor();
    await page.keyboard.press('Escape');
  });

  it('renames a stage everywhere and formats the file', async () => {
    const { page } = use().app;
    await restore(use());
    await goToLine(page, 2);
    await page.keyboard.press('F2');
    await page.locator('.rename-box input:focus').waitFor();
    await page.keyboard.type('files');
    await page.keyboard.press('Enter');
    await expect.poll(() => shownText(page)).toContain('COPY --from=files');
    expect(await shownText(page)).toContain('AS files');
    await goToLine(page, 8);
    await page.keyboard.press('Enter');
    await paste(page, 'LABEL a=1 `\nb=2');
    await page.keyboard.press('Alt+Shift+F');
    await expect.poll(() => shownText(page)).toMatch(/LABEL a=1 `\n {4}b=2/);
  });

  it('saves by Ctrl+S, and says at the tab what is not saved', async () => {
    const { page } = use().app;
    await restore(use());
    await paste(page, 'LABEL saved=yes\n');
    const tab = page.getByRole('tab', { name: 'Dockerfile not saved' });
    await tab.waitFor();
    await page.keyboard.press('Control+S');
    // Another program wrote the file in `restore`: this is asked first.
    const conflict = page.getByRole('dialog', { name: /changed by another program/ });
    const asked = await conflict.waitFor({ timeout: 1000 }).then(
      () => true,
      () => false,
    );
    if (asked) await conflict.getByRole('button', { name: 'Overwrite' }).click();
    await tab.waitFor({ state: 'detached' });
    expect(await onDisk(use())).toBe(`${start}LABEL saved=yes\n`);
  });

  it('shows both texts when another program changed the file, and keeps the one that is chosen', async () => {
    const { page } = use().app;
    await restore(use());
    await paste(page, 'LABEL mine=1\n');
    await writeFile(path.join(use().dir, 'project/Dockerfile'), `${start}LABEL theirs=1\n`);
    await page.keyboard.press('Control+S');
    await page
      .getByRole('dialog', { name: /changed by another program/ })
      .getByRole('button', { name: 'Decide later' })
      .click();
    await page.getByRole('button', { name: 'Compare' }).click();
    const compare = page.getByRole('dialog', { name: /on disk, and yours/ });
    await compare.getByText('theirs').first().waitFor();
    await compare.getByText('mine').first().waitFor();
    await compare.getByRole('button', { name: 'Keep mine' }).click();
    await compare.waitFor({ state: 'detached' });
    await expect.poll(() => onDisk(use())).toBe(`${start}LABEL mine=1\n`);
  });

  it('keeps what was typed over a crash of the page', async () => {
    const { app } = use();
    await restore(use());
    await paste(app.page, 'LABEL draft=kept\n');
    // The draft is handed over within half a second.
    await app.page.waitForTimeout(700);
    await app.crashPage();
    app.page.context().setDefaultTimeout(10_000);
    await ready(app.page);
    await expect.poll(() => shownText(app.page)).toContain('LABEL draft=kept');
    await app.page.getByRole('tab', { name: 'Dockerfile not saved' }).waitFor();
  });

  it('builds to a stage, and tells at each line what it took until the line changes', async () => {
    const { page } = use().app;
    await restore(use());
    await page.keyboard.press('Control+S');
    await page.locator('.codelens-decoration a', { hasText: 'Build to here' }).first().click();
    const conflict = page.getByRole('dialog', { name: /changed by another program/ });
    if (await conflict.isVisible())
      await conflict.getByRole('button', { name: 'Overwrite' }).click();
    await surface(page, 'Builds').waitFor();
    await page.keyboard.press('Alt+1');
    const marks = page.locator('.monaco-editor .editor-mark');
    await expect.poll(() => marks.count(), { timeout: 15_000 }).toBe(3);
    await goToLine(page, 3);
    await page.keyboard.type('x');
    await expect.poll(() => page.locator('.editor-mark--stale').count()).toBe(1);
    expect(await marks.count()).toBe(2);
  });

  it('puts a base image from the browser into FROM', async () => {
    const { page } = use().app;
    await restore(use());
    await goToLine(page, 6);
    const bases = await goTo(page, 'Bases');
    await bases
      .getByRole('option', { name: /Server Core/ })
      .first()
      .click();
    await bases.getByRole('grid', { name: 'Tags' }).getByRole('row').last().click();
    await bases.getByRole('button', { name: 'Insert FROM with tag' }).click();
    await surface(page, 'Editor').waitFor();
    const from =
      /FROM layerwright\.local\/windows\/[a-z]+:\S+ AS build[^]*FROM (?!layerwright\.local\/windows\/nanoserver:ltsc2022\n)\S+/;
    await expect.poll(() => shownText(page)).toMatch(from);
    await page.keyboard.press('Control+Z');
    await expect.poll(() => shownText(page)).toContain(start.split('\n')[5] ?? '');
  });

  it('checks a .dockerignore', async () => {
    const { page } = use().app;
    await page.getByRole('tab', { name: '.dockerignore' }).click();
    await page.getByText('# nothing').waitFor();
    await page.locator('.monaco-editor .view-lines').first().click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('!');
    const problems = page.getByRole('region', { name: 'Problems' });
    await problems.getByText('! is not a pattern.').waitFor();
    await page.keyboard.press('Backspace');
    await page.getByRole('tab', { name: /^Dockerfile/ }).click();
  });

  it('has nothing that axe objects to', async () => {
    const { page } = use().app;
    await restore(use());
    await paste(page, 'COPPY a b');
    await page.getByText('Unknown instruction: COPPY.').first().waitFor();
    expect(await violations(page)).toEqual([]);
    for (const theme of ['dark', 'high contrast']) {
      await runCommand(page, `Theme: ${theme}`);
      const shown = theme === 'dark' ? /^dark$/ : /^hc-/;
      await expect.poll(() => page.locator('html').getAttribute('data-theme')).toMatch(shown);
      expect(await violations(page, 'colours')).toEqual([]);
    }
    await runCommand(page, 'Theme: as the system');
  });
});

inModes(
  'a folder without a Dockerfile',
  { modes: ['serve'], project: async dir => await writeFile(path.join(dir, 'app.exe'), 'MZ') },
  use => {
    it('offers templates and opens the one that is chosen', async () => {
      const { page } = use().app;
      await page.getByRole('button', { name: /^Use / }).first().click();
      await ready(page);
      expect(await onDisk(use())).toContain('FROM');
    });
  },
);

const megabytes10 = 'RUN echo something that fills a line of this file\n'.repeat(210_000);

inModes(
  'a Dockerfile of 10 MB',
  {
    modes: ['serve'],
    project: async dir => await writeFile(path.join(dir, 'Dockerfile'), `FROM a\n${megabytes10}`),
  },
  use => {
    it('opens, says what is left out, and takes keys', async () => {
      const { page } = use().app;
      await ready(page);
      await page.getByText('This file is large.').waitFor({ timeout: 15_000 });
      await page.locator('.monaco-editor .view-lines').first().click();
      await page.keyboard.press('Control+Home');
      await page.keyboard.type('# typed ');
      await expect.poll(() => page.locator('.view-line').first().textContent()).toContain('typed');
    });
  },
);
