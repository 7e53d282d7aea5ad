import { cp, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { productDir } from '../support/bundled.ts';
import { runCommand, surface } from './support/actions.ts';
import { inModes } from './support/app-in-modes.ts';
import { violations } from './support/axe.ts';
import { editorReady } from './support/editor.ts';

const nanoserver = 'layerwright.local/windows/nanoserver:ltsc2022';

inModes(
  'pre-flight',
  {
    modes: ['serve'],
    samples: true,
    project: async dir => {
      const text = `# escape=\`\nFROM ${nanoserver}\nCOPY gone C:/\nCMD ["app.exe", "a b"]\n`;
      await writeFile(path.join(dir, 'Dockerfile'), text);
      await writeFile(path.join(dir, 'AUX.txt'), '');
    },
  },
  use => {
    it('shows on one screen what stands in the way, and goes to its line', async () => {
      const { page } = use().app;
      await editorReady(page);
      await page.getByRole('banner').getByRole('button', { name: 'Pre-flight' }).click();
      const dialog = page.getByRole('dialog', { name: 'Pre-flight' });
      await dialog.getByText('1 error in the way').waitFor();
      await dialog.getByText('"gone" is not in the build context').waitFor();
      await dialog.getByText(/AUX\.txt cannot be copied/).waitFor();
      await dialog.getByText('in the store').waitFor();
      expect(await dialog.getByRole('button', { name: 'Build image' }).isDisabled()).toBe(true);
      await dialog.getByText(/command line, to the letter/).click();
      await dialog.getByText('app.exe "a b"').waitFor();
      expect(await violations(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Line 3' }).click();
      await dialog.waitFor({ state: 'detached' });
      const editor = surface(page, 'Editor');
      await expect.poll(() => editor.locator('.active-line-number').innerText()).toBe('3');
    });

    it('is asked for by the keyboard, looks again, and builds when nothing is in the way', async () => {
      const { page } = use().app;
      await runCommand(page, 'Pre-flight: look at the build before it begins');
      const dialog = page.getByRole('dialog', { name: 'Pre-flight' });
      await dialog.getByText('1 error in the way').waitFor();
      await writeFile(path.join(use().dir, 'project/gone'), 'here');
      await dialog.getByRole('button', { name: 'Look again' }).click();
      await dialog.getByText('Nothing stands in the way').waitFor();
      await dialog.getByRole('button', { name: 'Build image' }).click();
      await surface(page, 'Builds').locator('.build__head').getByText('Succeeded').waitFor();
    });

    for (const theme of ['dark', 'high contrast'])
      it(`has enough contrast, theme ${theme}`, async () => {
        const { page } = use().app;
        await runCommand(page, `Theme: ${theme}`);
        await runCommand(page, 'Pre-flight: look at the build before it begins');
        const dialog = page.getByRole('dialog', { name: 'Pre-flight' });
        await dialog
          .getByText(/in the way/)
          .first()
          .waitFor();
        expect(await violations(page, 'colours')).toEqual([]);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      });
  },
);

inModes(
  'a pipeline and its ZImagefiles',
  {
    modes: ['serve'],
    samples: true,
    project: async dir =>
      await cp(path.join(productDir, 'examples/pipeline'), dir, { recursive: true }),
  },
  use => {
    it('shows its waves, builds all images, and leads to their builds', async () => {
      const { page } = use().app;
      await editorReady(page);
      await page.getByRole('tab', { name: 'ZPipeline.yaml' }).click();
      const panel = page.getByRole('region', { name: 'Pipeline' });
      await panel
        .getByRole('listitem', { name: 'Wave 2' })
        .getByText('web', { exact: true })
        .waitFor();
      expect(await violations(page)).toEqual([]);
      await panel.getByRole('button', { name: 'Build all images' }).click();
      await panel.getByText('All 3 images built').waitFor();
      expect(await violations(page)).toEqual([]);
      await panel.getByRole('button', { name: 'Show the build of web' }).click();
      const builds = surface(page, 'Builds');
      await builds.getByRole('heading', { name: /example\.com\/shop\/web/ }).waitFor();
    });

    it('colours a ZImagefile, marks its mistakes and converts it to a Dockerfile', async () => {
      const { page } = use().app;
      await runCommand(page, 'Go to Editor');
      await page.getByRole('tab', { name: 'ZImagefile.base' }).click();
      const editor = surface(page, 'Editor');
      await editor
        .locator('.view-line .mtk5, .view-line .mtk6, .view-line .mtk8')
        .first()
        .waitFor();
      await editor.getByRole('button', { name: 'Convert to Dockerfile' }).click();
      await page.getByRole('tab', { name: 'Dockerfile.base', selected: true }).waitFor();
      const made = await readFile(path.join(use().dir, 'project/Dockerfile.base'), 'utf8');
      expect(made).toContain('WORKDIR C:\\shop');
      await page.getByRole('tab', { name: 'ZImagefile.base' }).click();
      await editor.getByRole('button', { name: 'Convert to Dockerfile' }).click();
      await page
        .getByText(/Dockerfile\.base exists already/)
        .first()
        .waitFor();
      await page.keyboard.press('Control+Home');
    });
  },
);

inModes(
  'a failure that is known',
  {
    modes: ['serve'],
    samples: true,
    project: async dir => {
      const text = `FROM ${nanoserver}\nCOPY ["exit code 1603", "C:/"]\n`;
      await writeFile(path.join(dir, 'Dockerfile'), text);
    },
  },
  use => {
    it('is explained at the failed step, with what to do', async () => {
      const { page } = use().app;
      await editorReady(page);
      await page.keyboard.press('Control+B');
      const help = surface(page, 'Builds').getByRole('region', { name: 'Help with this failure' });
      await help.getByText('What to do').first().waitFor();
      await help
        .getByText(/exit code 1603/)
        .first()
        .waitFor();
      expect(await violations(page)).toEqual([]);
      await help.getByRole('button', { name: 'Go to line 2' }).click();
      const editor = surface(page, 'Editor');
      await expect.poll(() => editor.locator('.active-line-number').innerText()).toBe('2');
    });
  },
);

inModes(
  'a folder with sources and no Dockerfile',
  {
    modes: ['serve'],
    project: async dir => {
      await writeFile(path.join(dir, 'go.mod'), 'module acme/shop\n\ngo 1.25\n');
      await writeFile(path.join(dir, 'main.go'), 'package main\n');
      await writeFile(path.join(dir, '.dockerignore'), 'mine\n');
    },
  },
  use => {
    it('says what it found, and writes a Dockerfile for the Windows that is chosen', async () => {
      const { page } = use().app;
      const editor = surface(page, 'Editor');
      await editor.getByText('Go 1.25, from go.mod.').first().waitFor();
      expect(await violations(page)).toEqual([]);
      await editor.getByLabel('Windows of the base images').selectOption('ltsc2025');
      await editor.getByRole('button', { name: 'Use this: Go program' }).click();
      await editorReady(page);
      const text = await readFile(path.join(use().dir, 'project/Dockerfile'), 'utf8');
      expect(text).toContain('ARG WINDOWS=ltsc2025');
      expect(await readFile(path.join(use().dir, 'project/.dockerignore'), 'utf8')).toBe('mine\n');
    });
  },
);
