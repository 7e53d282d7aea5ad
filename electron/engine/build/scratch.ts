import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
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

/** Opens the scratch space of one build in a folder of its own, at the path that `newDir` gives. */
export function createScratch(newDir: () => Promise<string>): Scratch {
  let made: Promise<string> | undefined;
  let spool: Promise<Spool> | undefined;
  const make = async () => {
    const dir = await newDir();
    await mkdir(dir);
    return dir;
  };
  const ready = () => (made ??= make());
  const newPath = async () => path.join(await ready(), randomUUID());
  return {
    newPath,
    dir: ready,
    spool: () => (spool ??= newPath().then(createSpool)),
    async [Symbol.asyncDispose]() {
      await (await spool?.catch(() => undefined))?.close();
      const dir = await made?.catch(() => undefined);
      if (dir !== undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}
