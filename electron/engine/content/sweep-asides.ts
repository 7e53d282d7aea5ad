import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders of the store in which small files are written aside under a name that ends like this, then renamed. */
const folders = ['layer-index', 'state', 'state/drafts'];
const asideName = /\.(?:new|tmp)$/;
/** A file that somebody was writing and that nobody went on with for so long is left over from a crash; in ms. */
export const leftOverAfter = 60 * 60 * 1000;

/** Removes what processes that were killed have left half-written beside small files. Never fails: it is only tidy. */
export async function sweepAsides(storeDir: string, now = Date.now()): Promise<void> {
  for (const folder of folders) {
    const names = await readdir(join(storeDir, folder)).catch(() => []);
    for (const name of names.filter(each => asideName.test(each))) {
      const path = join(storeDir, folder, name);
      const writtenAt = await stat(path).then(
        found => found.mtimeMs,
        () => now,
      );
      if (now - writtenAt > leftOverAfter) await rm(path, { force: true }).catch(() => undefined);
    }
  }
}
