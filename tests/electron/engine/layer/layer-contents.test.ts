import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BlobReader } from '../../../../electron/engine/content/blob-store.ts';
import { indexLayer } from '../../../../electron/engine/layer/index-layer.ts';
import { createLayerContents } from '../../../../electron/engine/layer/layer-contents.ts';
import { layerIndexOf } from '../../../../electron/engine/layer/layer-index.ts';
import { bytesOf, dir, failureCode, file, pieces, stream, writeLayer } from './support.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-contents-'));
});
afterEach(() => rm(folder, { recursive: true }));

const noise = randomBytes(3_000_000);
const planned = [
  dir('Files'),
  file('Files/large', noise),
  file('Files/small', 'small'),
  stream('Files/small', 'zone', 'internet'),
  file('Files/empty', ''),
];

/** Counts how often a blob is read. */
function counted(blobs: BlobReader): BlobReader & { reads: number } {
  const counter = {
    reads: 0,
    has: blobs.has.bind(blobs),
    read(...args: Parameters<BlobReader['read']>) {
      counter.reads += 1;
      return blobs.read(...args);
    },
  };
  return counter;
}

async function layer(compression: 'gzip' | 'zstd' | 'none' = 'gzip') {
  const { written, store, blob } = await writeLayer(planned, compression);
  const indexed = { ref: written, index: layerIndexOf(await indexLayer(pieces(blob), written)) };
  return { indexed, blobs: counted(store) };
}

let scratch = 0;
function open(blobs: BlobReader, maxCacheBytes?: number) {
  return createLayerContents({
    blobs,
    storeDir: folder,
    newScratchPath: async () => join(folder, `scratch-${scratch++}`),
    ...(maxCacheBytes !== undefined && { maxCacheBytes }),
  });
}

test.each(['gzip', 'zstd', 'none'] as const)(
  'contents of a layer (%s) come in any order and in parts, and it is unpacked once',
  async compression => {
    const { indexed, blobs } = await layer(compression);
    {
      await using contents = open(blobs);
      const read = async (entry: number, offset?: number, length?: number) =>
        bytesOf(
          contents.open(
            indexed,
            entry,
            offset === undefined ? undefined : { offset, length: length ?? 0 },
          ),
        );
      expect((await read(2)).toString()).toBe('small');
      expect((await read(1, 2_999_000, 5000)).equals(noise.subarray(2_999_000))).toBe(true);
      expect((await read(1, 1_000_000, 70_000)).equals(noise.subarray(1_000_000, 1_070_000))).toBe(
        true,
      );
      expect((await read(1)).equals(noise)).toBe(true);
      expect((await read(3)).toString()).toBe('internet');
      expect((await read(4)).byteLength + (await read(0)).byteLength).toBe(0);
      expect((await read(2, 99, 1)).byteLength).toBe(0);
    }
    await using again = open(blobs);
    expect((await bytesOf(again.open(indexed, 2))).toString()).toBe('small');
    expect(blobs.reads).toBe(1);
    expect((await readdir(folder)).filter(name => name.startsWith('scratch'))).toEqual([]);
  },
);

test('what comes first is given out before the rest has been unpacked', async () => {
  const { indexed, blobs } = await layer();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const slow: BlobReader = {
    has: async () => true,
    async *read(blob) {
      const bytes = await bytesOf(blobs.read(blob));
      yield bytes.subarray(0, 2_000_000);
      await released;
      yield bytes.subarray(2_000_000);
    },
  };
  await using contents = open(slow);
  const start = await bytesOf(contents.open(indexed, 1, { offset: 0, length: 1000 }));
  expect(start.equals(noise.subarray(0, 1000))).toBe(true);
  const aborted = new AbortController();
  const waiting = bytesOf(contents.open(indexed, 2, undefined, aborted.signal));
  aborted.abort();
  await expect(waiting).rejects.toMatchObject(failureCode('cancelled'));
  release();
  expect((await bytesOf(contents.open(indexed, 2))).toString()).toBe('small');
});

test('closing stops what is still being unpacked and leaves nothing of it', async () => {
  const { indexed, blobs } = await layer();
  const { promise: never } = Promise.withResolvers<void>();
  const hanging: BlobReader = {
    has: async () => true,
    async *read(blob, signal) {
      yield (await bytesOf(blobs.read(blob))).subarray(0, 2_000_000);
      await Promise.race([
        never,
        new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(new Error('stopped')));
        }),
      ]);
    },
  };
  const contents = open(hanging);
  await bytesOf(contents.open(indexed, 1, { offset: 0, length: 10 }));
  await contents[Symbol.asyncDispose]();
  expect(await readdir(join(folder, 'layer-cache'))).toEqual([]);
  expect((await readdir(folder)).filter(name => name.startsWith('scratch'))).toEqual([]);
});

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.byteLength - 5)],
  ['emptied', () => Buffer.alloc(0)],
  [
    'damaged in its table',
    (bytes: Buffer) => bytes.fill(7, bytes.byteLength - 28, bytes.byteLength - 24),
  ],
])('a cache file that was %s is made again', async (_, damage) => {
  const { indexed, blobs } = await layer();
  const readSmall = async () => {
    await using contents = open(blobs);
    return (await bytesOf(contents.open(indexed, 2))).toString();
  };
  await readSmall();
  const [name = ''] = await readdir(join(folder, 'layer-cache'));
  const path = join(folder, 'layer-cache', name);
  await writeFile(path, damage(await readFile(path)));
  expect(await readSmall()).toBe('small');
  expect(blobs.reads).toBe(2);
});

test('a frame that the disk has damaged is noticed, and the next time all is well', async () => {
  const { indexed, blobs } = await layer();
  const readLarge = async () => {
    await using contents = open(blobs);
    return (await bytesOf(contents.open(indexed, 1))).equals(noise);
  };
  await readLarge();
  const [name = ''] = await readdir(join(folder, 'layer-cache'));
  const path = join(folder, 'layer-cache', name);
  await writeFile(path, (await readFile(path)).fill(9, 5000, 5010));
  await using contents = open(blobs);
  const again = async () => (await bytesOf(contents.open(indexed, 1))).equals(noise);
  await expect(again()).rejects.toMatchObject(failureCode('file-system', { errno: 'EIO' }));
  expect(await again()).toBe(true);
});

test('a blob that lies about its content is noticed', async () => {
  const { indexed } = await layer();
  const other = [dir('Files'), file('Files/large', randomBytes(3_000_000)), file('Files/x', 'x')];
  const { blob } = await writeLayer(other);
  const packed = gzipSync(blob);
  const lying: BlobReader = { has: async () => true, read: () => pieces(packed) };
  await using contents = open(lying);
  const reading = bytesOf(contents.open(indexed, 1));
  await expect(reading).rejects.toMatchObject(failureCode('layer-malformed'));
});

test('the cache keeps to its limit', async () => {
  const one = await layer('gzip');
  const two = await layer('zstd');
  {
    await using contents = open(one.blobs, 1_000_000);
    await bytesOf(contents.open(one.indexed, 2));
  }
  expect(await readdir(join(folder, 'layer-cache'))).toEqual([]);
  await using contents = open(two.blobs, 100_000_000);
  expect((await bytesOf(contents.open(two.indexed, 2))).toString()).toBe('small');
});
