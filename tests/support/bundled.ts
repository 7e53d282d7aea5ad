import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { bundle, stampFile } from '../../electron/bundle.ts';
import { isStale } from '../../electron/start/stale.ts';

export const productDir = path.resolve(import.meta.dirname, '../..');
const lockDir = path.join(productDir, 'node_modules/.bundling');
const staleLockMs = 60_000;

/** Bundles where a source is newer. Test files run side by side: one of them does it, the others wait. */
export async function provideBundles(): Promise<void> {
  while (await isStale(productDir, stampFile)) {
    if (!(await takeLock())) {
      await new Promise(resolve => setTimeout(resolve, 100));
      continue;
    }
    try {
      if (await isStale(productDir, stampFile)) await bundle();
      return;
    } finally {
      await rm(lockDir, { recursive: true, force: true });
    }
  }
}

async function takeLock(): Promise<boolean> {
  try {
    await mkdir(lockDir);
    return true;
  } catch {
    const lock = await stat(lockDir).catch(() => undefined);
    if (lock && Date.now() - lock.mtimeMs > staleLockMs) await rm(lockDir, { recursive: true });
    return false;
  }
}
