/**
 * `node tests/support/screenshots.ts [folder]`: builds the sample in the app and takes a picture of every
 * surface in three themes, for docs/screenshots.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  goTo,
  runCommand,
  surface,
  surfaceTitles,
  type SurfaceTitle,
} from '../e2e/support/actions.ts';
import { buildSample } from '../e2e/support/sample-build.ts';
import { launchApp } from './app.ts';
import { productDir } from './bundled.ts';

const themes = [
  { theme: 'light', command: 'Theme: light' },
  { theme: 'dark', command: 'Theme: dark' },
  { theme: 'high-contrast', command: 'Theme: high contrast' },
] as const;

/** Of 100; text stays sharp. */
const quality = 80;
const usual = { width: 1280, height: 800 };
const large = { width: 1920, height: 1080 };

/** Makes every surface show something worth a look. */
async function prepare(page: Page): Promise<void> {
  await surface(page, 'Editor').getByRole('tab', { name: 'Dockerfile' }).waitFor();
  await buildSample(page);
  await page
    .getByRole('region', { name: 'Notifications' })
    .getByRole('button', { name: 'Show layers' })
    .click();
  await surface(page, 'Layers').getByRole('option', { name: 'COPY app' }).click();
  const tree = surface(page, 'Layers').getByRole('tree');
  await tree.getByRole('treeitem', { name: /Files/ }).click();
  await page.keyboard.press('ArrowRight');
  await tree.getByRole('treeitem', { name: /app/ }).click();
  await page.keyboard.press('ArrowRight');
  await tree.getByRole('treeitem', { name: /hello\.cmd/ }).click();
  const builds = await goTo(page, 'Builds');
  await builds
    .getByRole('listbox', { name: 'Steps' })
    .getByRole('option', { name: /COPY app/ })
    .click();
}

/** Takes one picture, without pointer, focus ring or notices in it. */
async function take(page: Page, title: SurfaceTitle, file: string): Promise<void> {
  const notices = page.getByRole('region', { name: 'Notifications' });
  for (const dismiss of await notices.getByRole('button', { name: 'Dismiss' }).all()) {
    await dismiss.click();
  }
  await goTo(page, title);
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.evaluate(async () => await document.fonts.ready);
  const session = await page.context().newCDPSession(page);
  // Playwright knows no WebP, which takes a third of a PNG.
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality });
  await session.detach();
  await writeFile(file, data, 'base64');
}

async function takeAll(page: Page, dir: string): Promise<void> {
  for (const { theme, command } of themes) {
    await runCommand(page, command);
    for (const title of surfaceTitles) {
      await take(page, title, path.join(dir, `${title.toLowerCase()}-${theme}.webp`));
    }
  }
  await page.setViewportSize(large);
  await runCommand(page, 'Theme: light');
  for (const title of ['Layers', 'Editor'] as const) {
    await take(page, title, path.join(dir, `${title.toLowerCase()}-light-1920.webp`));
  }
}

const dir = path.resolve(process.argv[2] ?? path.join(productDir, 'docs/screenshots'));
const temp = await mkdtemp(path.join(tmpdir(), 'layerwright-screenshots-'));
try {
  await mkdir(dir, { recursive: true });
  const storeDir = path.join(temp, 'store');
  const app = await launchApp({ mode: 'electron', storeDir, viewport: usual });
  try {
    await app.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await prepare(app.page);
    await takeAll(app.page, dir);
  } finally {
    await app.close();
  }
} finally {
  await rm(temp, { recursive: true, force: true });
}
