import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openStore } from '../../../../electron/engine/content/store.ts';
import { newStore } from './helpers.ts';

test('the next start removes what a kill has left half-written, and nothing that is being written', async () => {
  const { dir } = await newStore();
  const old = new Date(Date.now() - 2 * 3_600_000);
  for (const folder of ['layer-index', 'state/drafts']) {
    await mkdir(join(dir, folder), { recursive: true });
    for (const name of ['whole', 'old.new', 'old.tmp', 'fresh.new']) {
      await writeFile(join(dir, folder, name), name);
      if (name !== 'fresh.new') await utimes(join(dir, folder, name), old, old);
    }
  }
  await (await openStore(dir))[Symbol.asyncDispose]();
  for (const folder of ['layer-index', 'state/drafts']) {
    expect((await readdir(join(dir, folder))).sort()).toEqual(['fresh.new', 'whole']);
  }
});
