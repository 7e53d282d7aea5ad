import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore, type Store } from '../../../electron/engine/content/store.ts';
import { importImages } from '../../../electron/engine/image/import-images.ts';
import { exportOciArchive } from '../../../electron/engine/image/export-archive.ts';
import {
  createLayerContents,
  type LayerContents,
} from '../../../electron/engine/layer/layer-contents.ts';
import {
  createLayerIndexes,
  type LayerIndexes,
} from '../../../electron/engine/layer/layer-indexes.ts';
import { writeSampleImages } from '../../../electron/engine/sample/write-samples.ts';
import { createGrants } from '../../../electron/ipc/grants.ts';
import { layerHandlers } from '../../../electron/ipc/handlers/layer.ts';
import { createChains } from '../../../electron/ipc/images/chains.ts';
import { findImage } from '../../../electron/ipc/images/image-detail.ts';
import { createRequests } from '../../../electron/ipc/requests.ts';
import type { Handlers } from '../../../electron/ipc/answer.ts';

const reference = 'layerwright.local/windows/servercore:ltsc2022';
const notepad = 'files\\windows\\system32\\ntdll.dll';

let dir: string;
let store: Store;
let indexes: LayerIndexes;
let contents: LayerContents;
let ask: (channel: string, input: unknown) => Promise<unknown>;
const told: boolean[] = [];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'layerwright-layer-'));
  store = await openStore(join(dir, 'store'));
  await writeSampleImages(store);
  indexes = createLayerIndexes(store.dir, store.blobs);
  contents = createLayerContents({
    blobs: store.blobs,
    storeDir: store.dir,
    newScratchPath: () => store.newScratchPath(),
  });
  const events = {
    emit: (name: string, value: unknown) => {
      if (name === 'task.progress') told.push((value as { done: boolean }).done);
    },
  };
  const grants = createGrants();
  await grants.grant(join(dir, 'allowed'));
  const chains = createChains({ store, indexes, contents, events });
  const requests = createRequests(layerHandlers({ chains, grants, events }) as Handlers);
  let id = 0;
  ask = async (channel, input) => await requests.run(`${id++}`, channel, input);
});
afterAll(async () => {
  await contents[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

test('entries of all layers are found, followed and looked into', async () => {
  expect(await ask('layer.find', { reference, glob: 'ntdll.dll' })).toMatchObject({
    ok: true,
    value: { rows: expect.arrayContaining([expect.objectContaining({ state: 'shown' })]) },
  });
  expect(await ask('layer.history', { reference, path: notepad })).toMatchObject({
    ok: true,
    value: { changes: expect.arrayContaining([expect.objectContaining({ change: 'added' })]) },
  });
  expect(await ask('layer.preview', { reference, layerIndex: 0, path: notepad })).toMatchObject({
    ok: true,
    value: { detected: { kind: 'pe', library: true }, layerIndex: 0 },
  });
});

test('a file is extracted to where the user may write, and nowhere else', async () => {
  const file = join(dir, 'allowed');
  const asked = { reference, layerIndex: 0, path: notepad };
  const extracted = await ask('layer.extract', { ...asked, file });
  expect(extracted).toMatchObject({ ok: true, value: { file } });
  expect((await readFile(file)).toString('latin1', 0, 2)).toBe('MZ');
  expect(told.at(-1)).toBe(true);
  expect(await ask('layer.extract', { ...asked, file: join(dir, 'elsewhere') })).toMatchObject({
    ok: false,
    failure: { code: 'path-refused' },
  });
});

test.each<[string, string, object, object]>([
  [
    'a layer beyond the chain',
    'layer.preview',
    { layerIndex: 9, path: 'a' },
    { field: 'layerIndex' },
  ],
  ['a directory', 'layer.preview', { layerIndex: 0, path: 'Files' }, { field: 'path' }],
  ['a path of no layer', 'layer.history', { path: 'Files/none' }, { field: 'path' }],
  [
    'a hash that is none',
    'layer.find',
    { contentHash: 'xyz' },
    { field: 'layer.find/contentHash' },
  ],
  [
    'more than fits',
    'layer.preview',
    { layerIndex: 0, path: 'a', length: 2 ** 30 },
    { field: 'layer.preview/length' },
  ],
])('%s is refused', async (_, channel, input, failure) => {
  expect(await ask(channel, { reference, ...input })).toMatchObject({
    ok: false,
    failure: { code: 'bad-request', ...failure },
  });
});

test('the layers of an image that is loaded are indexed on the way', async () => {
  const archive = join(dir, 'image.tar');
  const descriptor = await store.names.resolve(reference);
  await exportOciArchive(store.blobs, [{ reference, descriptor }], archive);
  await using other = await openStore(join(dir, 'other'));
  const tap = createLayerIndexes(other.dir, other.blobs);
  await importImages(other, archive, { tap });
  const { layersBaseFirst } = await findImage(other, reference);
  const fresh = createLayerIndexes(other.dir, other.blobs);
  for (const { diffId } of layersBaseFirst) expect(await fresh.peek(diffId)).toBeDefined();
});
