import { stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { givePath, goTo, notice, surface } from './support/actions.ts';
import { dockerfileProject, inModes } from './support/app-in-modes.ts';

const sample = 'layerwright.local/windows/nanoserver:ltsc2022';
const tagged = 'example.com/team/base:1.0';

inModes('images and bases', { project: dockerfileProject('FROM scratch\n') }, use => {
  it('says what to do while there is no image, and makes the samples', async () => {
    const { page } = use().app;
    const images = await goTo(page, 'Images');
    await images.getByRole('heading', { name: 'No images yet' }).waitFor();
    await images.getByRole('button', { name: 'Make the sample base images' }).click();
    await rowOf(sample).waitFor();
    await notice(page, /^Made \d+ sample base images\.$/).waitFor();
  });

  it('finds images by any word', async () => {
    const { page } = use().app;
    const images = surface(page, 'Images');
    const all = await rows().count();
    await images.getByRole('textbox', { name: 'Filter images' }).fill('arm64 nanoserver');
    await expect.poll(() => rows().count()).toBeLessThan(all);
    await images.getByText(/\d+ of \d+ images/).waitFor();
    await images.getByRole('textbox', { name: 'Filter images' }).fill('no such image');
    await images.getByRole('button', { name: 'Show all images' }).click();
    await expect.poll(() => rows().count()).toBe(all);
  });

  it('adds a tag by the menu of the image', async () => {
    const { page } = use().app;
    await choose(sample, 'Add a tag…');
    const dialog = page.getByRole('dialog', { name: 'Add a tag' });
    await dialog.getByRole('textbox', { name: 'New reference' }).fill('Not A Reference');
    await page.keyboard.press('Enter');
    await dialog.getByText('The image was not tagged').waitFor();
    await dialog.getByRole('textbox', { name: 'New reference' }).fill(tagged);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await rowOf(tagged).waitFor();
  });

  it('saves an image to a file, and loads it again after it was deleted', async () => {
    const { app, dir } = use();
    const { page } = app;
    const file = path.join(dir, 'base.tar');
    await choose(tagged, 'Save to a file…');
    const dialog = page.getByRole('dialog', { name: 'Save to a file' });
    await givePath(app, file, () => dialog.getByRole('button', { name: 'Choose where…' }).click());
    await dialog.waitFor({ state: 'detached' });
    await notice(page, file).waitFor();
    expect((await stat(file)).size).toBeGreaterThan(100_000);

    await choose(tagged, 'Delete…');
    const question = page.getByRole('dialog', { name: 'Delete image?' });
    await question.getByText('Frees nothing: only this name goes').waitFor();
    await question.getByRole('button', { name: 'Delete', exact: true }).click();
    await rowOf(tagged).waitFor({ state: 'detached' });

    const load = surface(page, 'Images').getByRole('button', { name: 'Load…' });
    await givePath(app, file, () => load.click());
    await rowOf(tagged).waitFor();
  });

  it('refuses to load what is no image, and says why', async () => {
    const { app, dir } = use();
    const load = surface(app.page, 'Images').getByRole('button', { name: 'Load…' });
    await givePath(app, path.join(dir, 'project/Dockerfile'), () => load.click());
    const failure = app.page.getByRole('region', { name: 'Notifications' }).getByRole('alert');
    await failure.getByText('Dockerfile').waitFor();
    await failure.getByRole('button', { name: 'Dismiss' }).click();
  });

  it('shows what deleting would free, and deletes by key', async () => {
    const { page } = use().app;
    await surface(page, 'Images')
      .getByRole('textbox', { name: 'Filter images' })
      .fill('servercore');
    const doomed = 'layerwright.local/windows/servercore:latest';
    await rowOf(doomed).focus();
    await page.keyboard.press('Delete');
    const question = page.getByRole('dialog', { name: 'Delete image?' });
    await question.getByText(doomed).waitFor();
    // The harmless answer has the focus.
    await page.keyboard.press('Enter');
    await question.waitFor({ state: 'detached' });
    expect(await rowOf(doomed).count()).toBe(1);
    await page.keyboard.press('Delete');
    await question.getByText(/^Frees /).waitFor();
    await question.getByRole('button', { name: 'Delete', exact: true }).press('Enter');
    await rowOf(doomed).waitFor({ state: 'detached' });
  });

  it('shows the families of bases, and inserts FROM with the tag that was chosen', async () => {
    const { page } = use().app;
    const bases = await goTo(page, 'Bases');
    await bases
      .getByRole('option', { name: /Server Core.*Microsoft/ })
      .first()
      .click();
    await bases.getByText('The store has no tag of it.').waitFor();
    await bases.getByRole('option', { name: /Nano Server.*sample/ }).click();
    await bases.getByRole('combobox', { name: 'Windows channel' }).selectOption('ltsc2022');
    const row = bases.getByRole('row').filter({ has: page.getByText('ltsc2022', { exact: true }) });
    await row.click();
    const details = bases.getByRole('region', { name: `Details of ${sample}` });
    await details.getByText('10.0.20348', { exact: false }).first().waitFor();
    await details.getByRole('button', { name: 'Insert FROM with tag' }).click();
    await surface(page, 'Editor').getByText(`FROM ${sample}`).waitFor();
  });

  function rows() {
    return surface(use().app.page, 'Images')
      .getByRole('grid', { name: 'Images' })
      .locator('tbody tr');
  }

  function rowOf(reference: string) {
    const { page } = use().app;
    const more = page.getByRole('button', { name: `More for ${reference}`, exact: true });
    return page.getByRole('row').filter({ has: more });
  }

  async function choose(reference: string, action: string): Promise<void> {
    const { page } = use().app;
    await page.getByRole('button', { name: `More for ${reference}`, exact: true }).click();
    await page.getByRole('menu', { name: 'Image' }).getByRole('menuitem', { name: action }).click();
  }
});
