import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { exists } from '../../electron/engine/content/file-system.ts';
import { openStore } from '../../electron/engine/content/store.ts';
import { writeSampleImages } from '../../electron/engine/sample/write-samples.ts';
import { productDir } from './bundled.ts';

const cacheDir = path.join(productDir, 'node_modules/.sample-store');
/** What the content of the samples depends on. */
const sources = ['electron/engine', 'shared'];

/** Makes a store with the sample base images in `storeDir`: a copy of one that is made once for each state of the sources. */
export async function copySampleStore(storeDir: string): Promise<void> {
  await cp(await provideSampleStore(), storeDir, { recursive: true });
}

async function provideSampleStore(): Promise<string> {
  const newest = Math.max(...(await Promise.all(sources.map(newestIn))));
  const ready = path.join(cacheDir, String(newest));
  if (await exists(ready)) return ready;
  const aside = path.join(cacheDir, `${newest}.${process.pid}.tmp`);
  const store = await openStore(aside);
  await writeSampleImages(store);
  await store[Symbol.asyncDispose]();
  // Test files run side by side: whoever comes second uses what the first one made.
  await rename(aside, ready).catch(async () => await rm(aside, { recursive: true }));
  await forget(name => name !== String(newest) && !name.endsWith('.tmp'));
  return ready;
}

async function newestIn(folder: string): Promise<number> {
  const root = path.join(productDir, folder);
  const names = await readdir(root, { recursive: true });
  const files = names.filter(name => name.endsWith('.ts'));
  const times = files.map(async name => (await stat(path.join(root, name))).mtimeMs);
  return Math.round(Math.max(0, ...(await Promise.all(times))));
}

async function forget(isOld: (name: string) => boolean): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  const old = (await readdir(cacheDir)).filter(isOld);
  await Promise.all(
    old.map(name => rm(path.join(cacheDir, name), { recursive: true, force: true })),
  );
}
