import { randomBytes } from 'node:crypto';
import { stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { collectGarbage } from '../../../../electron/engine/content/garbage.ts';
import {
  claimDownload,
  keptBytes,
  type PartialDownload,
} from '../../../../electron/engine/content/partial-downloads.ts';
import { openStore, type Store } from '../../../../electron/engine/content/store.ts';
import { digestHex, type Digest } from '../../../../shared/oci/digest.ts';
import { collect, describeBytes, failureFrom, filesBelow, newStore } from './helpers.ts';

const content = randomBytes(3_000_000);
const blob = describeBytes(content);

async function claimed(store: Store): Promise<PartialDownload> {
  const partial = await claimDownload(store, blob);
  if (partial === undefined) throw new Error('the blob is in the store already');
  return partial;
}

/** Downloads the first `bytes` and leaves it at that. */
async function cutAt(store: Store, bytes: number): Promise<void> {
  await using partial = await claimed(store);
  await partial.write(content.subarray(partial.size, bytes));
}
const pathOf = (store: Store, digest: Digest) => join(store.dir, 'downloads', digestHex(digest));

describe('a download that was cut off', () => {
  test('goes on where it was, and leaves nothing but the blob', async () => {
    const store = await newStore();
    await cutAt(store, 1_234_567);
    expect(await keptBytes(store, blob.digest)).toBe(1_234_567);
    {
      await using partial = await claimed(store);
      expect(partial.resumedFrom).toBe(1_234_567);
      await partial.write(content.subarray(partial.size));
      await partial.commit();
    }
    expect(await collect(store.blobs.read(blob))).toEqual(content);
    expect(await filesBelow(join(store.dir, 'downloads'))).toEqual([]);
    expect(await claimDownload(store, blob)).toBeUndefined();
  });

  test('is read behind while it comes', async () => {
    const store = await newStore();
    await cutAt(store, 500_000);
    await using partial = await claimed(store);
    const followed = collect(partial.follow());
    for (let at = partial.size; at < content.byteLength; at += 200_000) {
      await partial.write(content.subarray(at, at + 200_000));
    }
    await partial.commit();
    expect(await followed).toEqual(content);
  });

  test('ends for who reads behind it where it is given up', async () => {
    const store = await newStore();
    const partial = await claimed(store);
    const followed = failureFrom(collect(partial.follow()));
    await partial[Symbol.asyncDispose]();
    expect(await followed).toEqual({ code: 'cancelled' });
  });

  test('is refused with other content, and then nothing is kept', async () => {
    const store = await newStore();
    await cutAt(store, 1000);
    await writeFile(pathOf(store, blob.digest), Buffer.alloc(1000));
    await using partial = await claimed(store);
    await partial.write(content.subarray(1000));
    expect((await failureFrom(partial.commit())).code).toBe('blob-mismatch');
    expect(await filesBelow(join(store.dir, 'downloads'))).toEqual([]);
  });

  test('begins anew where more is kept than the blob has', async () => {
    const store = await newStore();
    await cutAt(store, 1000);
    await writeFile(pathOf(store, blob.digest), Buffer.alloc(blob.size + 1));
    await using partial = await claimed(store);
    expect(partial.resumedFrom).toBe(0);
  });

  test('is waited for by another who wants it', async () => {
    const store = await newStore();
    await using other = await openStore(store.dir);
    const partial = await claimed(store);
    let waits = () => {};
    const waiting = new Promise<void>(resolve => (waits = resolve));
    const second = claimDownload(other, blob, { onWait: waits });
    await waiting;
    await partial.write(content);
    await partial.commit();
    expect(await second).toBeUndefined();
  });

  test('is collected when nobody has gone on with it for a week', async () => {
    const store = await newStore();
    await cutAt(store, 1000);
    expect(await collectGarbage(store)).toEqual([]);
    const { mtimeMs } = await stat(pathOf(store, blob.digest));
    const old = mtimeMs / 1000 - 8 * 24 * 60 * 60;
    await utimes(pathOf(store, blob.digest), old, old);
    expect(await collectGarbage(store)).toEqual([{ digest: blob.digest, size: 1000 }]);
    expect(await filesBelow(join(store.dir, 'downloads'))).toEqual([]);
  });
});
