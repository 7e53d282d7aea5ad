import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MemoryBlobStore } from '../../../../electron/engine/content/memory-blob-store.ts';
import { indexLayer } from '../../../../electron/engine/layer/index-layer.ts';
import { layerIndexOf } from '../../../../electron/engine/layer/layer-index.ts';
import { createLayerTree } from '../../../../electron/engine/layer/layer-tree.ts';
import {
  readContents,
  type ContentSource,
} from '../../../../electron/engine/layer/read-contents.ts';
import type { EntryAt } from '../../../../electron/engine/layer/tree-node.ts';
import { bytesOf, dir, failureCode, file, hardLink, writeLayer } from './support.ts';

let spoolDir = '';
beforeEach(async () => {
  spoolDir = await mkdtemp(join(tmpdir(), 'read-contents-'));
});
afterEach(async () => {
  expect(await readdir(spoolDir)).toEqual([]);
  await rm(spoolDir, { recursive: true });
});

async function chain(): Promise<ContentSource> {
  const store = new MemoryBlobStore();
  const layers = [
    await writeLayer(
      [
        dir('Files'),
        file('Files/a', 'A'.repeat(300_000)),
        file('Files/b', 'B'),
        hardLink('Files/h', 'Files/b'),
      ],
      'gzip',
      store,
    ),
    await writeLayer([dir('Files'), file('Files/c', 'C'), file('Files/empty', '')], 'none', store),
  ];
  const layersBaseFirst = await Promise.all(
    layers.map(async ({ written }) => {
      const data = await indexLayer(store.read(written.descriptor), written);
      return { ref: written, index: layerIndexOf(data) };
    }),
  );
  return { blobs: store, layersBaseFirst };
}

function contentAt(source: ContentSource, path: string): EntryAt {
  const tree = createLayerTree(source.layersBaseFirst.map(({ index }) => index));
  const content = tree.lookup(path)?.content;
  if (!content) throw new Error(`${path} has no content`);
  return content;
}

async function read(source: ContentSource, ...paths: string[]): Promise<[number, string][]> {
  const wanted = paths.map(path => contentAt(source, path));
  const found: [number, string][] = [];
  await readContents(
    source,
    wanted,
    async (position, content) => {
      const text = (await bytesOf(content)).toString();
      found.push([position, text.length > 9 ? `${text[0]}*${text.length}` : text]);
    },
    { spoolDir },
  );
  return found;
}

describe('contents come in the order in which they were asked for', () => {
  test.each([
    [
      'that of the layers',
      ['Files/a', 'Files/b', 'Files/c', 'Files/empty'],
      ['A*300000', 'B', 'C', ''],
    ],
    ['another', ['Files/c', 'Files/b', 'Files/a'], ['C', 'B', 'A*300000']],
    [
      'one content twice',
      ['Files/h', 'Files/b', 'Files/a', 'Files/h'],
      ['B', 'B', 'A*300000', 'B'],
    ],
    ['none', [], []],
  ])('%s', async (_, paths, contents) => {
    expect(await read(await chain(), ...paths)).toEqual([...contents.entries()]);
  });
});

test('a layer that is not what its descriptor says is noticed, even behind the last wanted content', async () => {
  const source = await chain();
  const blobs = {
    has: async () => true,
    read: async function* (...[blob]: Parameters<ContentSource['blobs']['read']>) {
      const honest = await bytesOf(source.blobs.read(blob));
      yield honest.subarray(0, honest.length - 40);
    },
  };
  await expect(read({ ...source, blobs }, 'Files/a')).rejects.toMatchObject(
    failureCode('layer-malformed'),
  );
});

test('a sink that fails ends the reading, and the spool goes', async () => {
  const source = await chain();
  const wanted = ['Files/b', 'Files/a'].map(path => contentAt(source, path));
  const failing = readContents(source, wanted, () => Promise.reject(new Error('full')), {
    spoolDir,
  });
  await expect(failing).rejects.toThrow('full');
});

test('an aborted read ends as cancelled', async () => {
  const source = await chain();
  const wanted = ['Files/b', 'Files/a'].map(path => contentAt(source, path));
  const reading = readContents(source, wanted, async () => undefined, {
    spoolDir,
    signal: AbortSignal.abort(),
  });
  await expect(reading).rejects.toMatchObject(failureCode('cancelled'));
});
