import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { goTo, runCommand, surface } from './support/actions.ts';
import { inModes } from './support/app-in-modes.ts';
import { editorReady, typeAtEnd } from './support/editor.ts';
import { buildSample } from './support/sample-build.ts';

const markup = "<img src=x onerror='window.ran=1'>";
/** Reads as `photo` and `exe.jpg` where the override is obeyed. */
const bidiName = 'photo\u202egpj.exe';

const dockerfile = `# ${markup}
FROM layerwright.local/windows/nanoserver:ltsc2022
LABEL title="${markup}" escape="\u001b[31mred\u001b]8;;https://example.com\u0007link"
ENV MARKUP="${markup}"
COPY files/ C:/files/
`;

async function hostileProject(projectDir: string): Promise<void> {
  await writeFile(path.join(projectDir, 'Dockerfile'), dockerfile);
  await mkdir(path.join(projectDir, 'files'));
  await writeFile(path.join(projectDir, 'files', bidiName), markup);
  await writeFile(path.join(projectDir, 'files', 'a&lt;b&gt;.txt'), markup);
}

inModes('hostile names and texts', { project: hostileProject, samples: true }, use => {
  it('shows the markup of a Dockerfile as text, in the editor and in the steps', async () => {
    const { page } = use().app;
    await editorReady(page);
    await buildSample(page);
    const step = surface(page, 'Builds')
      .getByRole('option', { name: /^LABEL/ })
      .first();
    await step.click();
    await surface(page, 'Builds').getByRole('region', { name: 'Selected step' }).waitFor();
    expect(await step.innerText()).toContain(markup);
    await nothingRan();
  });

  it('shows the direction marks of a file name, and obeys none', async () => {
    const { page } = use().app;
    const layers = await goTo(page, 'Layers');
    await page
      .getByRole('region', { name: 'Notifications' })
      .getByRole('button', { name: 'Show layers' })
      .click();
    await layers.getByRole('option', { name: /COPY/ }).click();
    await layers.getByRole('textbox', { name: 'Search files by path' }).fill('gpj');
    await layers.getByText('photo⟨U+202E⟩gpj.exe').first().waitFor();
    await layers.getByRole('textbox', { name: 'Search files by path' }).fill('&lt;');
    await layers.getByText('a&lt;b&gt;.txt').first().waitFor();
    await nothingRan();
  });

  it('shows the markup of a label in the JSON of the image', async () => {
    const { page } = use().app;
    const layers = surface(page, 'Layers');
    await layers.getByRole('tab', { name: 'Metadata' }).click();
    await layers.getByText("onerror='window.ran=1'").first().waitFor();
    await nothingRan();
  });

  it('names a hostile path in a failure as text', async () => {
    const { page } = use().app;
    await goTo(page, 'Editor');
    await typeAtEnd(page, `COPY ["${markup}", "."]\n`);
    await page.getByRole('banner').getByRole('button', { name: 'Build' }).click();
    // The instruction's own rules took the inner quotes away.
    await surface(page, 'Builds')
      .getByRole('log')
      .getByText(/<img src=x onerror=window\.ran=1>/)
      .first()
      .waitFor();
    await nothingRan();
  });

  it('refuses a hostile tag, and says so as text', async () => {
    const { page } = use().app;
    await goTo(page, 'Images');
    await surface(page, 'Images')
      .getByRole('button', { name: /^More for/ })
      .first()
      .click();
    await page.getByRole('menuitem', { name: 'Add a tag…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a tag' });
    await dialog.getByRole('textbox').fill(markup);
    await page.keyboard.press('Enter');
    await dialog.getByText('The image was not tagged').waitFor();
    await page.keyboard.press('Escape');
    await runCommand(page, 'Go to Settings');
    await nothingRan();
  });

  /** No script of the markup ran, no element came of it, and no raw direction mark is in the page. */
  async function nothingRan(): Promise<void> {
    const { page } = use().app;
    const found = await page.evaluate(() => ({
      ran: 'ran' in globalThis,
      images: document.querySelectorAll('img').length,
      outside: document.querySelectorAll('a[href^="http"]').length,
      overrides: document.body.innerText.includes('\u202e'),
    }));
    expect(found).toEqual({ ran: false, images: 0, outside: 0, overrides: false });
  }
});
