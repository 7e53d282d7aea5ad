import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BlobReader } from '../../../../electron/engine/content/blob-store.ts';
import { MemoryBlobStore } from '../../../../electron/engine/content/memory-blob-store.ts';
import { createIndexBuilder } from '../../../../electron/engine/layer/index-builder.ts';
import { indexLayer } from '../../../../electron/engine/layer/index-layer.ts';
import { createLayerWriter } from '../../../../electron/engine/layer/layer-writer.ts';
import { createLayerIndexes } from '../../../../electron/engine/layer/layer-indexes.ts';
import type { LayerIndex } from '../../../../electron/engine/layer/layer-index.ts';
import { sha256Digest } from '../../../../shared/oci/digest.ts';
import {
  dir,
  failureCode,
  file,
  hardLink,
  pieces,
  stream,
  symlink,
  whiteout,
  writeLayer,
} from './support.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'layer-index-'));
});
afterAll(() => rm(folder, { recursive: true }));

const planned = [
  dir('Files', { securityDescriptor: Buffer.from('one') }),
  file('Files/Ä.txt', 'content', {
    securityDescriptor: Buffer.from('one'),
    extendedAttributes: new Map([['$EA', Buffer.from('v')]]),
  }),
  stream('Files/Ä.txt', 'zone', 'z'),
  hardLink('Files/link', 'Files/Ä.txt'),
  symlink('Files/junction', 'C:\\', true),
  file('Files/same', 'content'),
  whiteout('Files/gone'),
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

function entriesOf(index: LayerIndex) {
  return Array.from({ length: index.count }, (_, number) => index.entryAt(number));
}

test('an index gives back every entry, and is read from the disk the second time', async () => {
  const { written, store } = await writeLayer(planned, 'gzip');
  const blobs = counted(store);
  const first = await createLayerIndexes(join(folder, 'a'), blobs).get(written);
  const second = await createLayerIndexes(join(folder, 'a'), blobs).get(written);
  expect(blobs.reads).toBe(1);
  for (const index of [first, second]) {
    expect(entriesOf(index)).toEqual(planned.map(([entry]) => entry));
    expect(index.uncompressedSize).toBe(written.uncompressedSize);
    expect(index.contentHashAt(1)).toEqual(index.contentHashAt(5));
    expect(index.contentHashAt(1)).not.toEqual(index.contentHashAt(2));
  }
});

test('the index that is made while a layer is written is the one that reading it makes', async () => {
  const store = new MemoryBlobStore();
  const index = createIndexBuilder();
  const writer = createLayerWriter({ compression: 'gzip', ingest: () => store.ingest(), index });
  for (const [entry, content] of planned) await writer.add(entry, content && pieces(content, 3));
  const written = await writer.finish();
  const made = index.finish(written);
  const read = await indexLayer(store.read(written.descriptor), written);
  expect(Buffer.from(made.file).equals(Buffer.from(read.file))).toBe(true);
  const folderOfStore = join(folder, 'kept');
  await createLayerIndexes(folderOfStore, store).keep(made);
  const opened = await createLayerIndexes(folderOfStore, store).peek(written.diffId);
  expect(opened && entriesOf(opened)).toEqual(planned.map(([entry]) => entry));
});

test('offsets point at the contents in the uncompressed tar', async () => {
  const { written, store, blob } = await writeLayer(planned);
  const index = await createLayerIndexes(join(folder, 'b'), store).get(written);
  const at = index.contentOffsetAt(5);
  expect(blob.toString('utf8', at, at + index.sizeAt(5))).toBe('content');
});

test.each([
  ['damaged', (bytes: Buffer) => bytes.fill(0, 100, 130)],
  ['cut off', (bytes: Buffer) => bytes.subarray(0, 200)],
  ['empty', () => Buffer.alloc(0)],
  [
    'of another version',
    (bytes: Buffer) =>
      Buffer.from(bytes.toString('latin1').replace('index-2', 'index-1'), 'latin1'),
  ],
])('a file that is %s is made again', async (name, damage) => {
  const { written, store } = await writeLayer(planned);
  const blobs = counted(store);
  const dirOfStore = join(folder, name);
  await createLayerIndexes(dirOfStore, blobs).get(written);
  const [fileName = ''] = await readdir(join(dirOfStore, 'layer-index'));
  const path = join(dirOfStore, 'layer-index', fileName);
  const good = await readFile(path);
  await writeFile(path, damage(Buffer.from(good)));
  const again = createLayerIndexes(dirOfStore, blobs);
  expect(await again.peek(written.diffId)).toBeUndefined();
  expect(entriesOf(await again.get(written))).toEqual(planned.map(([entry]) => entry));
  expect(blobs.reads).toBe(2);
  expect(await readFile(path)).toEqual(good);
});

test('a store that cannot keep the index does not keep anyone from looking', async () => {
  const { written, store } = await writeLayer(planned);
  const notAFolder = join(folder, 'file');
  await writeFile(notAFolder, '');
  const index = await createLayerIndexes(notAFolder, store).get(written);
  expect(index.count).toBe(planned.length);
});

test('a layer with another diff ID than its image says is refused, and nothing is kept', async () => {
  const { written, store } = await writeLayer(planned, 'zstd');
  const diffId = sha256Digest('0'.repeat(64));
  const indexes = createLayerIndexes(join(folder, 'c'), store);
  await expect(indexes.get({ ...written, diffId })).rejects.toMatchObject(
    failureCode('diff-id-mismatch', { expected: diffId, actual: written.diffId }),
  );
  expect(await readdir(folder)).not.toContain('c');
});

test('writing and indexing a layer of 256 MiB takes little memory', () => {
  const script = join(import.meta.dirname, 'large-layer.ts');
  const output = execFileSync(process.execPath, [script, folder], { encoding: 'utf8' });
  const { entries, peakMebibytes } = JSON.parse(output) as {
    entries: number;
    peakMebibytes: number;
  };
  expect(entries).toBe(1 + 2 * 256);
  expect(peakMebibytes).toBeLessThan(300);
}, 60_000);
