import { randomUUID } from 'node:crypto';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { createSpool, type Spool } from './archive/spool.ts';

/** A folder for what a build needs only while it runs; it is made when it is first asked for. */
export interface Scratch extends AsyncDisposable {
  /** A path in the folder at which nothing is yet. */
  newPath(): Promise<string>;
  /** One spool for the whole build. */
  spool(): Promise<Spool>;
  dir(): Promise<string>;
}

/** Opens the scratch space of one build below `parentDir`. */
export function createScratch(parentDir: string): Scratch {
  const dir = path.join(parentDir, randomUUID());
  let made: Promise<unknown> | undefined;
  let spool: Promise<Spool> | undefined;
  const ready = async () => {
    made ??= mkdir(dir, { recursive: true });
    await made;
    return dir;
  };
  const newPath = async () => path.join(await ready(), randomUUID());
  return {
    newPath,
    dir: ready,
    spool: () => (spool ??= newPath().then(createSpool)),
    async [Symbol.asyncDispose]() {
      await (await spool?.catch(() => undefined))?.close();
      await made?.catch(() => undefined);
      await rm(dir, { recursive: true, force: true });
      // Other builds may use the folder above: then it stays.
      await rmdir(parentDir).catch(() => undefined);
    },
  };
}
