import { readdir, readFile, stat as statOf, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFolderTree } from '../../../../../electron/engine/build/sources/folder-tree.ts';
import { openStatCache } from '../../../../../electron/engine/build/sources/stat-cache.ts';
import {
  decodeStats,
  encodeStats,
  type StatRecord,
} from '../../../../../electron/engine/build/sources/stat-file.ts';
import { tempDir, writeFiles } from '../folder.ts';

const record = fc.record<StatRecord>({
  size: fc.nat(),
  modifiedMs: fc.double({ noNaN: true }),
  changedMs: fc.double({ noNaN: true }),
  inode: fc.maxSafeNat(),
  recordedMs: fc.maxSafeNat(),
  sha256: fc.stringMatching(/^[0-9a-f]{64}$/),
});
const records = fc
  .dictionary(
    fc.string({ unit: 'grapheme', minLength: 1 }).filter(text => !text.includes('\0')),
    record,
  )
  .map(each => new Map(Object.entries(each)));

describe('the file of stats', () => {
  test('gives back what was written', () => {
    fc.assert(
      fc.property(records, written => {
        const table = decodeStats(encodeStats(written));
        expect(new Map(table?.records('all'))).toEqual(written);
        expect([...(table?.records('used') ?? [])]).toEqual([]);
      }),
    );
  });

  test('is refused where a byte is wrong, missing or too many', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, place, change) => {
        const whole = encodeStats(written);
        const at = place % whole.length;
        const wrong = Buffer.from(whole);
        wrong[at] = (wrong[at] ?? 0) ^ change;
        // The last four bytes of the header are spare.
        if (at < 20 || at >= 24) expect(decodeStats(wrong)).toBeUndefined();
        expect(decodeStats(whole.subarray(0, at))).toBeUndefined();
        expect(decodeStats(Buffer.concat([whole, Buffer.of(change)]))).toBeUndefined();
      }),
    );
  });
});

/** The hash of `name` in `dir`, and whether it was known without reading the file. */
async function hashOf(dir: string, cacheDir: string, name: string) {
  const cache = await openStatCache(cacheDir, dir);
  const tree = createFolderTree({ rootDir: dir, label: 'x', hasher: cache });
  const node = await tree.stat(name);
  if (node?.kind !== 'file') throw new Error(`${name} is no file`);
  const hash = node.fingerprint();
  const result = { sha256: await hash, known: typeof hash === 'string' };
  await cache.save();
  return result;
}

describe('the cache of hashes', () => {
  test('knows a file at rest by its stat, and reads it again after a change of content or time', async () => {
    await using temp = await tempDir();
    const dir = path.join(temp.dir, 'context');
    const cacheDir = path.join(temp.dir, 'cache');
    const file = path.join(dir, 'a');
    await writeFiles(dir, { a: 'one' });
    const age = async (seconds: number) => await utimes(file, seconds, seconds);
    await age(1_000_000);
    // The time of the change of the inode cannot be set, so it has to pass.
    while (Date.now() - (await statOf(file)).ctimeMs < 60) await new Promise(setImmediate);
    const first = await hashOf(dir, cacheDir, 'a');
    expect(first.known).toBe(false);
    expect(await hashOf(dir, cacheDir, 'a')).toEqual({ sha256: first.sha256, known: true });
    await writeFile(file, 'two');
    await age(1_000_000);
    const changed = await hashOf(dir, cacheDir, 'a');
    expect(changed.known).toBe(false);
    expect(changed.sha256).not.toBe(first.sha256);
  });

  test('does not trust a file that was written while it was read', async () => {
    await using temp = await tempDir();
    const dir = path.join(temp.dir, 'context');
    const cacheDir = path.join(temp.dir, 'cache');
    await writeFiles(dir, { a: 'one' });
    const soon = Date.now() / 1000 + 60;
    await utimes(path.join(dir, 'a'), soon, soon);
    await hashOf(dir, cacheDir, 'a');
    expect((await hashOf(dir, cacheDir, 'a')).known).toBe(false);
  });

  test('starts anew where its file is damaged', async () => {
    await using temp = await tempDir();
    const dir = path.join(temp.dir, 'context');
    const cacheDir = path.join(temp.dir, 'cache');
    await writeFiles(dir, { a: 'one' });
    const { sha256 } = await hashOf(dir, cacheDir, 'a');
    const [name = ''] = await readdir(cacheDir);
    const file = path.join(cacheDir, name);
    await writeFile(file, (await readFile(file)).fill(7, 40));
    expect(await hashOf(dir, cacheDir, 'a')).toEqual({ sha256, known: false });
  });
});
