import { randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { goTo, notice, surface } from './support/actions.ts';
import { inModes } from './support/app-in-modes.ts';
import { drawnText, editorReady, editorText, fileTab, typeAtEnd } from './support/editor.ts';

const dockerfile = `FROM layerwright.local/windows/nanoserver:ltsc2022
COPY small.txt .
COPY big.bin .
ENV AFTER=1
`;

/** Large enough to be in the making while a page is reloaded, and of no pattern that would pack well. */
const bigBytes = 96 * 1024 * 1024;

async function slowProject(projectDir: string): Promise<void> {
  await writeFile(path.join(projectDir, 'Dockerfile'), dockerfile);
  await writeFile(path.join(projectDir, 'small.txt'), 'small');
  const block = randomBytes(1024 * 1024);
  const blocks = Array.from({ length: bigBytes / block.length }, () => block);
  await writeFile(path.join(projectDir, 'big.bin'), blocks);
}

inModes('a crash of the page', { project: slowProject, samples: true }, use => {
  it('stops neither the build nor the typing', async () => {
    const { app, dir } = use();
    await editorReady(app.page);
    await app.page.getByRole('banner').getByRole('button', { name: 'Build' }).click();
    const running = app.page.getByRole('group', { name: 'Running build' });
    await running.getByText(/Step [34] of 4/).waitFor({ timeout: 20_000 });
    await goTo(app.page, 'Editor');
    await typeAtEnd(app.page, '# typed while it was built\n');
    await fileTab(app.page, 'not saved').waitFor();
    await expect.poll(() => keptDrafts(dir)).toContain('typed while it was built');

    await app.crashPage();

    // The page is another one, and knows the build with its steps.
    const again = app.page.getByRole('group', { name: 'Running build' });
    await again.getByText(/Step [34] of 4/).waitFor();
    await fileTab(app.page, 'not saved').waitFor();
    await expect.poll(() => drawnText(app.page)).toContain('# typed while it was built');
    const builds = await goTo(app.page, 'Builds');
    const steps = builds.getByRole('listbox', { name: 'Steps' });
    await steps.getByRole('option', { name: /COPY small\.txt.*Done/ }).waitFor();
    await builds.locator('.build__head').getByText('Succeeded').waitFor({ timeout: 25_000 });
    await steps.getByRole('option', { name: /COPY big\.bin.*Done/ }).waitFor();
  });

  it('keeps what was typed out of the file until it is saved', async () => {
    const { app, dir } = use();
    const file = path.join(dir, 'project/Dockerfile');
    expect(await readFile(file, 'utf8')).toBe(dockerfile);
    await goTo(app.page, 'Editor');
    await editorText(app.page).focus();
    await app.page.keyboard.press('Control+S');
    await fileTab(app.page, 'saved').waitFor();
    expect(await readFile(file, 'utf8')).toContain('# typed while it was built');
  });

  it('cancels a build that another page started', async () => {
    const { app } = use();
    await app.page.keyboard.press('Control+Shift+B');
    const running = app.page.getByRole('group', { name: 'Running build' });
    await running.getByText(/Step [34] of 4/).waitFor({ timeout: 20_000 });
    await app.crashPage();
    await app.page.getByRole('button', { name: 'Cancel', exact: true }).click();
    await notice(app.page, 'Build cancelled.').waitFor();
    await goTo(app.page, 'Builds');
    await surface(app.page, 'Builds').getByText('Cancelled').first().waitFor();
  });
});

/** All drafts that the store holds, one after the other. */
async function keptDrafts(dir: string): Promise<string> {
  const names = await readdir(path.join(dir, 'store'), { recursive: true });
  const drafts = names.filter(name => name.includes('drafts') && name.endsWith('.json'));
  const texts = drafts.map(async name => await readFile(path.join(dir, 'store', name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}
