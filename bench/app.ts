/**
 * How soon the app is usable and how it bears a layer of 250,000 entries: in Chromium over `serve`, once each.
 * Usage: node bench/app.ts [entries=250000]
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore } from '../electron/engine/content/store.ts';
import { writeImage } from '../electron/engine/image/write-image.ts';
import { createLayerWriter } from '../electron/engine/layer/layer-writer.ts';
import { appendLayer, emptyImage } from '../shared/oci/image.ts';
import { loaded, surface } from '../tests/e2e/support/actions.ts';
import { launchApp } from '../tests/support/app.ts';
import { provideBundles } from '../tests/support/bundled.ts';

const entries = Number(process.argv[2] ?? '250000');
const dir = await mkdtemp(path.join(tmpdir(), 'layerwright-bench-'));
const storeDir = path.join(dir, 'store');
const projectDir = path.join(dir, 'project');
await mkdir(projectDir);
await writeFile(path.join(projectDir, 'Dockerfile'), 'FROM bench/large:1\nCOPY . C:/app/\n');
await makeLargeImage();
await provideBundles();

const started = performance.now();
const app = await launchApp({ mode: 'serve', storeDir, projectDir });
try {
  const { page } = app;
  await page
    .getByRole('button', { name: /^Build/ })
    .first()
    .waitFor();
  report('launch to a window with a Build button', performance.now() - started);
  await page.locator('.view-line span span').first().waitFor();
  report('launch to a highlighted Dockerfile', performance.now() - started);
  await page.waitForTimeout(2000);
  console.log(
    `idle memory: host ${await resident(app.process.pid)} MiB, page heap ${await pageHeap()} MiB`,
  );

  const opened = performance.now();
  await page.keyboard.press('Alt+4');
  const layers = surface(page, 'Layers');
  await layers.getByRole('treeitem').first().waitFor({ timeout: 120_000 });
  report(
    `first opening of a layer of ${entries} entries (read, indexed and shown)`,
    performance.now() - opened,
  );
  await page.reload();
  await page
    .getByRole('button', { name: /^Build/ })
    .first()
    .waitFor();
  const again = performance.now();
  await page.keyboard.press('Alt+4');
  await layers.getByRole('treeitem').first().waitFor({ timeout: 120_000 });
  report('opening it again in a new page', performance.now() - again);

  const search = layers.getByRole('textbox', { name: 'Search files by path' });
  for (const text of ['file-12345', 'file-777']) {
    const typed = performance.now();
    await search.fill(text);
    await layers.getByText(text).nth(1).waitFor();
    await loaded(page);
    report(`filter by "${text}" (with the pause after typing)`, performance.now() - typed);
  }
  console.log(
    `with the tree open: host ${await resident(app.process.pid)} MiB, page heap ${await pageHeap()} MiB`,
  );

  async function pageHeap(): Promise<number> {
    const client = await page.context().newCDPSession(page);
    await client.send('HeapProfiler.collectGarbage');
    const { usedSize } = await client.send('Runtime.getHeapUsage');
    return Math.round(usedSize / 2 ** 20);
  }
} finally {
  await app.close();
  await rm(dir, { recursive: true, force: true });
}

/** One layer of empty files, a thousand to a folder. */
async function makeLargeImage(): Promise<void> {
  const store = await openStore(storeDir);
  const writer = createLayerWriter({ ingest: () => store.blobs.ingest(), compression: 'gzip' });
  const modified = 1_700_000_000_000_000_000n;
  await writer.add({ kind: 'directory', path: 'Files', attributes: 16, modified });
  for (let at = 0; at < entries; at++) {
    const folder = `Files/folder-${Math.floor(at / 1000)}`;
    if (at % 1000 === 0) {
      await writer.add({ kind: 'directory', path: folder, attributes: 16, modified });
    }
    const file = { path: `${folder}/file-${at}.dll`, attributes: 32, modified, size: 0 };
    await writer.add({ kind: 'file', ...file });
  }
  const layer = await writer.finish();
  const empty = emptyImage({ os: 'windows', architecture: 'amd64', 'os.version': '10.0.20348.1' });
  const image = appendLayer(empty, layer, { created_by: 'Apply image 10.0.20348.1' });
  await store.names.set('bench/large:1', await writeImage(store.blobs, image));
  await store[Symbol.asyncDispose]();
}

function report(what: string, ms: number): void {
  console.log(`${what}: ${Math.round(ms)} ms`);
}

async function resident(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
}
