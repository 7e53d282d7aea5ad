import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

const sources = [
  'shared',
  'electron',
  'renderer',
  'resources',
  'package-lock.json',
  'vite.config.ts',
];

/** Whether a source is newer than `stampFile`, which the last bundling left, or there is no such file. */
export async function isStale(productDir: string, stampFile: string): Promise<boolean> {
  const bundledAt = await modifiedAt(stampFile);
  if (bundledAt === undefined) return true;
  for (const source of sources) {
    for await (const file of filesIn(path.join(productDir, source))) {
      if (((await modifiedAt(file)) ?? 0) > bundledAt) return true;
    }
  }
  return false;
}

/** Gives folders as well: where a file was removed, only its folder is newer. */
async function* filesIn(fileOrDir: string): AsyncGenerator<string> {
  yield fileOrDir;
  const found = await stat(fileOrDir).catch(() => undefined);
  if (!found?.isDirectory()) return;
  for (const entry of await readdir(fileOrDir, { recursive: true })) {
    yield path.join(fileOrDir, entry);
  }
}

async function modifiedAt(file: string): Promise<number | undefined> {
  return (await stat(file).catch(() => undefined))?.mtimeMs;
}
