import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BlobReader } from '../../../../electron/engine/content/blob-store.ts';
import type { Bytes } from '../../../../electron/engine/content/bytes.ts';
import { openStore } from '../../../../electron/engine/content/store.ts';
import { indexLayer } from '../../../../electron/engine/layer/index-layer.ts';
import { startIndexingWorker } from '../../../../electron/engine/layer/indexing/indexing-worker.ts';
import { createIndexingPool } from '../../../../electron/engine/layer/indexing/worker-pool.ts';
import { createLayerIndexes } from '../../../../electron/engine/layer/layer-indexes.ts';
import { sha256Digest, type Digest } from '../../../../shared/oci/digest.ts';
import { bytesOf, dir, failureCode, file, pieces, writeLayer, type Planned } from './support.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'indexing-'));
});
afterAll(() => rm(folder, { recursive: true }));

const planned: Planned[] = [
  dir('Files'),
  file('Files/noise', Buffer.alloc(300_000, 'layers of windows')),
  file('Files/small', 'small'),
];

test('a worker makes the same index as the thread that asks', async () => {
  const { written, blob } = await writeLayer(planned, 'gzip');
  const here = await indexLayer(pieces(blob), written);
  const there = await createIndexingPool().index(pieces(blob, 1000), written);
  expect(Buffer.from(there.file).equals(Buffer.from(here.file))).toBe(true);
});

test('what the worker finds wrong arrives as the failure that it is', async () => {
  const { written, blob } = await writeLayer(planned, 'gzip');
  const pool = createIndexingPool();
  const cut = pool.index(pieces(blob.subarray(0, 200)), written);
  await expect(cut).rejects.toMatchObject(failureCode('layer-malformed'));
  const diffId = sha256Digest('1'.repeat(64));
  const other = pool.index(pieces(blob), { ...written, diffId });
  await expect(other).rejects.toMatchObject(failureCode('diff-id-mismatch'));
  const few = pool.index(pieces(blob), written, { maxEntries: 2 });
  await expect(few).rejects.toMatchObject(failureCode('layer-malformed'));
  await expect(pool.index(pieces(blob), written)).resolves.toBeDefined();
});

test('a thread that dies is a failure and no hang, and the next layer gets another one', async () => {
  const script = join(folder, 'dying.mjs');
  await writeFile(
    script,
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', ({ kind }) => { if (kind === 'chunk') process.exit(3); });`,
  );
  const urls: (URL | undefined)[] = [pathToFileURL(script)];
  const pool = createIndexingPool(() => startIndexingWorker(urls.shift()), 1);
  const { written, blob } = await writeLayer(planned, 'gzip');
  await expect(pool.index(pieces(blob), written)).rejects.toMatchObject(
    failureCode('worker-died', { problem: 'it ended with code 3' }),
  );
  await expect(pool.index(pieces(blob), written)).resolves.toBeDefined();
});

test('indexing stops when it is cancelled, even while the blob hangs, and the next layer is indexed', async () => {
  const { written, blob } = await writeLayer(planned, 'gzip');
  const pool = createIndexingPool(startIndexingWorker, 1);
  const controller = new AbortController();
  async function* hanging(): Bytes {
    yield blob.subarray(0, 100);
    controller.abort();
    yield blob.subarray(100);
  }
  const options = { signal: controller.signal };
  await expect(pool.index(hanging(), written, options)).rejects.toMatchObject(
    failureCode('cancelled'),
  );
  await expect(pool.index(pieces(blob), written)).resolves.toBeDefined();
});

test('a layer is indexed while its bytes pass, and then opens without being read', async () => {
  const { written, blob, store } = await writeLayer(planned, 'zstd');
  const storeDir = join(folder, 'passing');
  const indexes = createLayerIndexes(storeDir, store);
  const passed = await bytesOf(indexes.whilePassing(written, pieces(blob, 777)));
  expect(passed.equals(blob)).toBe(true);
  const unreadable = { has: async () => true, read: () => pieces(Buffer.alloc(0)) };
  const index = await createLayerIndexes(storeDir, unreadable).get(written);
  expect(index.count).toBe(planned.length);
});

test.each<[string, (blob: Buffer) => Buffer]>([
  ['is no layer', () => Buffer.from('something else')],
  ['is cut off', blob => blob.subarray(0, 100)],
])('bytes pass unharmed where what passes %s, and nothing is kept', async (name, change) => {
  const { written, blob, store } = await writeLayer(planned, 'gzip');
  const storeDir = join(folder, name);
  const indexes = createLayerIndexes(storeDir, store);
  const bytes = change(blob);
  expect(await bytesOf(indexes.whilePassing(written, pieces(bytes)))).toEqual(bytes);
  expect(await indexes.peek(written.diffId)).toBeUndefined();
});

test('of a stream that fails or is abandoned nothing is kept, and its failure is the one that is told', async () => {
  const { written, blob, store } = await writeLayer(planned, 'gzip');
  const indexes = createLayerIndexes(join(folder, 'broken'), store);
  async function* broken(): Bytes {
    yield blob.subarray(0, 50);
    throw new Error('the line was cut');
  }
  await expect(bytesOf(indexes.whilePassing(written, broken()))).rejects.toThrow('line was cut');
  for await (const _ of indexes.whilePassing(written, pieces(blob, 100))) break;
  expect(await readdir(folder)).not.toContain('broken');
});

test('more streams than there are threads for pass side by side', async () => {
  const { written, blob, store } = await writeLayer(planned, 'gzip');
  const indexes = createLayerIndexes(join(folder, 'many'), store);
  const all = Array.from({ length: 8 }, () => bytesOf(indexes.whilePassing(written, pieces(blob))));
  for (const passed of await Promise.all(all)) expect(passed.equals(blob)).toBe(true);
  expect(await indexes.peek(written.diffId)).toBeDefined();
});

test('a blob that is a file is read by the worker; what is wrong with the file is told as what it is', async () => {
  const { written, blob } = await writeLayer(planned, 'gzip');
  const dirOfStore = join(folder, 'files');
  await using store = await openStore(dirOfStore);
  const { blobs } = store;
  const missing = createLayerIndexes(dirOfStore, blobs).get(written);
  await expect(missing).rejects.toMatchObject(failureCode('blob-missing'));
  await blobs.write(written.descriptor, pieces(blob));
  const unread = { ...readerOf(blobs), path: (digest: Digest) => blobs.path(digest) };
  const made = await createLayerIndexes(dirOfStore, unread).get(written);
  expect(made.count).toBe(planned.length);

  await rm(join(dirOfStore, 'layer-index'), { recursive: true });
  const path = blobs.path(written.descriptor.digest);
  await chmod(path, 0o644);
  await writeFile(path, Buffer.alloc(blob.byteLength, 7));
  const damaged = createLayerIndexes(dirOfStore, blobs).get(written);
  await expect(damaged).rejects.toMatchObject(failureCode('blob-mismatch'));
  expect(await blobs.has(written.descriptor)).toBe(false);
});

function readerOf(blobs: BlobReader): BlobReader {
  return {
    has: blob => blobs.has(blob),
    read: () => {
      throw new Error('the bytes need not pass this thread');
    },
  };
}
