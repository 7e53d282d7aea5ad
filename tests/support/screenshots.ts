/**
 * `node tests/support/screenshots.ts [folder]`: builds the sample in the app and takes a picture of every
 * surface in three themes, and of some dialogs and tabs, for docs/screenshots.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  goTo,
  loaded,
  runCommand,
  surface,
  surfaceTitles,
  type SurfaceTitle,
} from '../e2e/support/actions.ts';
import { editorReady, editorText } from '../e2e/support/editor.ts';
import { inspectedProject } from '../e2e/support/inspected-project.ts';
import { buildSample } from '../e2e/support/sample-build.ts';
import { launchApp } from './app.ts';
import { productDir } from './bundled.ts';

const themes = [
  { theme: 'light', command: 'Theme: light' },
  { theme: 'dark', command: 'Theme: dark' },
  { theme: 'high-contrast', command: 'Theme: high contrast' },
] as const;

/** The line of the sample that says what is in version.txt. */
const versionLine = 11;

/** Of 100; text stays sharp. */
const quality = 80;
const usual = { width: 1280, height: 800 };
const large = { width: 1920, height: 1080 };

/** Makes every surface show something worth a look. */
async function prepare(page: Page): Promise<void> {
  await surface(page, 'Editor').getByRole('tab', { name: 'Dockerfile' }).waitFor();
  await buildSample(page);
  await changeVersion(page);
  await buildSample(page);
  await showLayers(page);
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
    .getByRole('option', { name: /COPY <<EOF/ })
    .click();
}

async function showLayers(page: Page): Promise<void> {
  const notices = page.getByRole('region', { name: 'Notifications' });
  await notices.getByRole('button', { name: 'Show layers' }).last().click();
  await surface(page, 'Layers').waitFor();
  await dismissNotices(page);
}

/** Changes what the sample writes into version.txt, so that the next build has something to tell. */
async function changeVersion(page: Page): Promise<void> {
  await goTo(page, 'Editor');
  await editorText(page).focus();
  await page.keyboard.press('Control+Home');
  for (let line = 1; line < versionLine; line++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('End');
  await page.keyboard.insertText(' Second edition.');
}

/** Takes one picture of a surface, without notices in it. */
async function take(page: Page, title: SurfaceTitle, file: string): Promise<void> {
  await dismissNotices(page);
  await goTo(page, title);
  await takeShown(page, file);
}

async function dismissNotices(page: Page): Promise<void> {
  const notices = page.getByRole('region', { name: 'Notifications' });
  for (const dismiss of await notices.getByRole('button', { name: 'Dismiss' }).all()) {
    await dismiss.click();
  }
}

/** Takes one picture of what is there, without pointer or focus ring in it. */
async function takeShown(page: Page, file: string): Promise<void> {
  await loaded(page);
  await page.mouse.move(0, 0);
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

/** Dialogs and tabs that show more with a project whose image stores files in vain. */
async function takeProject(page: Page, dir: string): Promise<void> {
  await editorReady(page);
  await page.getByRole('banner').getByRole('button', { name: 'Pre-flight' }).click();
  const preflight = page.getByRole('dialog', { name: 'Pre-flight' });
  await preflight.getByRole('status').waitFor();
  await takeShown(page, path.join(dir, 'preflight-light.webp'));
  await page.keyboard.press('Escape');
  await buildSample(page);
  await showLayers(page);
  const layers = surface(page, 'Layers');
  await layers.getByRole('tab', { name: 'Waste' }).click();
  await layers.getByRole('grid', { name: 'Waste by category' }).waitFor();
  await takeShown(page, path.join(dir, 'waste-light.webp'));
}

async function inApp(
  storeDir: string,
  projectDir: string | undefined,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const project = projectDir === undefined ? {} : { projectDir };
  const app = await launchApp({ mode: 'electron', storeDir, viewport: usual, ...project });
  try {
    await app.page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await work(app.page);
  } finally {
    await app.close();
  }
}

const dir = path.resolve(process.argv[2] ?? path.join(productDir, 'docs/screenshots'));
const temp = await mkdtemp(path.join(tmpdir(), 'layerwright-screenshots-'));
try {
  await mkdir(dir, { recursive: true });
  await inApp(path.join(temp, 'store'), undefined, async page => {
    await prepare(page);
    await takeAll(page, dir);
  });
  const projectDir = path.join(temp, 'shop');
  await mkdir(projectDir);
  await inspectedProject(projectDir);
  await inApp(path.join(temp, 'store-of-shop'), projectDir, async page => {
    await takeProject(page, dir);
  });
} finally {
  await rm(temp, { recursive: true, force: true });
}
