import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../../../electron/engine/content/store.ts';
import { writeDocument } from '../../../../electron/engine/content/document-blob.ts';
import { openStepRecords } from '../../../../electron/engine/build/cache/open-records.ts';
import { createLayerIndexes } from '../../../../electron/engine/layer/layer-indexes.ts';
import { readImage } from '../../../../electron/engine/image/read-image.ts';
import type { Wish } from '../../../../electron/engine/storage/choose-garbage.ts';
import { collectStorage, previewCollection } from '../../../../electron/engine/storage/collect.ts';
import { surveyStore, type StorageParts } from '../../../../electron/engine/storage/survey.ts';
import { usageOf } from '../../../../electron/engine/storage/usage.ts';
import { openState } from '../../../../electron/engine/state/state.ts';
import { digestHex } from '../../../../shared/oci/digest.ts';
import { policyKinds, type GarbagePolicy } from '../../../../shared/ipc/storage-views.ts';
import type { Descriptor } from '../../../../shared/oci/descriptor.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { bytesOf, describeBytes, failureFrom, listBlobs, newStore } from '../content/helpers.ts';
import { storeImage } from '../image/helpers.ts';
import { requestFor } from '../state/support.ts';

async function newParts(store?: Store): Promise<StorageParts> {
  const own = store ?? (await newStore());
  const state = openState(own.dir);
  onTestFinished(async () => await state.close());
  return { store: own, state };
}

const byPolicy = (policy: Partial<GarbagePolicy> = {}): Wish => ({
  kind: 'policy',
  policy: { keepTagged: true, kinds: policyKinds, ...policy },
  now: Date.now(),
});
const nothing = byPolicy({ kinds: [] });

/** Two images that share a layer, one of them with an index, a loose blob and a build on record. */
async function furnished(): Promise<StorageParts> {
  const parts = await newParts();
  const { state, store } = parts;
  const one = await storeImage(store.blobs, ['base', 'one']);
  await store.names.set('shop/one:1', one);
  await store.names.set('two', await storeImage(store.blobs, ['base', 'two']));
  await store.blobs.write(describeBytes('loose'), bytesOf('loose'));
  const { layersBaseFirst } = await readImage(store.blobs, one);
  for (const layer of layersBaseFirst) await createLayerIndexes(store.dir, store.blobs).get(layer);
  const summary = state.history.begin(requestFor('/projects/shop'), state.claim().owner);
  await mkdir(state.buildDir(summary.buildId), { recursive: true });
  await writeFile(join(state.buildDir(summary.buildId), 'log.text'), 'hello\n');
  return parts;
}

/** As a build does with a step that it ran. */
function remember(store: Store, stepKey: string, descriptor?: Descriptor): void {
  const { records } = openStepRecords(store.dir);
  if (records === undefined) throw new Error('the cache can be opened');
  const layer = descriptor && {
    descriptor,
    diffId: descriptor.digest,
    uncompressedSize: 1,
    files: 1,
  };
  records.put({
    record: {
      stepKey,
      dockerfile: 'a',
      site: 'b',
      keyword: 'COPY',
      text: `COPY ${stepKey} C:/`,
      builtAt: Date.now(),
      usedAt: Date.now(),
      uses: 1,
      outcome: layer === undefined ? {} : { layer },
      inputs: {
        platform: 'windows/amd64',
        instruction: {},
        variables: {},
        sources: [],
        options: {},
        base: { reference: 'scratch' },
      },
    },
    lists: new Map(),
  });
  records.close();
}

describe('who holds what', () => {
  test('adds up to all that is in the folder of the store', async () => {
    const parts = await furnished();
    const { store } = parts;
    const usage = await usageOf(await surveyStore(parts), store.dir);
    expect(usage.kinds.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(usage.totalBytes);
    const files = await readdir(store.dir, { recursive: true, withFileTypes: true });
    let onDisk = 0;
    for (const file of files) {
      if (file.isFile()) onDisk += (await stat(join(file.parentPath, file.name))).size;
    }
    expect(usage.totalBytes).toBe(onDisk);
    const images = usage.items.filter(({ kind }) => kind === 'images');
    expect(images.map(({ title }) => title).sort()).toEqual(['shop/one:1', 'two:latest']);
    expect(usage.kinds.find(({ kind }) => kind === 'loose')).toMatchObject({
      count: 1,
      bytes: 5,
      reclaimableBytes: 5,
    });
    expect(usage.kinds.find(({ kind }) => kind === 'layer-index')).toMatchObject({
      count: 2,
      reclaimableBytes: 0,
    });
    expect(usage.items.find(({ kind }) => kind === 'builds')).toMatchObject({
      bytes: 6,
      kept: 'running',
    });
  });

  test('tells what an image shares from what is its own, and a base from what is built on it', async () => {
    const parts = await newParts();
    const { store } = parts;
    await store.names.set('base', await storeImage(store.blobs, ['base']));
    await store.names.set('app', await storeImage(store.blobs, ['base', 'app']));
    await store.names.set('app:again', await store.names.resolve('app'));
    const { items } = await usageOf(await surveyStore(parts), store.dir);
    const rows = items.filter(({ kind }) => kind === 'images' || kind === 'bases');
    expect(rows.map(({ kind, title }) => `${kind} ${title}`).sort()).toEqual([
      'bases base:latest',
      'images app:again',
      'images app:latest',
    ]);
    for (const { bytes, uniqueBytes } of rows) {
      expect(uniqueBytes).toBeGreaterThan(0);
      expect(uniqueBytes).toBeLessThan(bytes);
    }
  });
});

describe('a collection', () => {
  test('removes exactly what its preview listed', async () => {
    const parts = await furnished();
    const wish = byPolicy({ keepTagged: false, maxBytes: 0 });
    const preview = await previewCollection(parts, wish);
    const before = await usageOf(await surveyStore(parts), parts.store.dir);
    expect(preview.items.map(({ kind }) => kind)).toContain('images');
    expect(await collectStorage(parts, wish)).toEqual(preview);
    expect(await listBlobs(parts.store)).toEqual([]);
    expect(await readdir(join(parts.store.dir, 'layer-index'))).toEqual([]);
    expect((await parts.store.names.list()).length).toBe(0);
    const after = await usageOf(await surveyStore(parts), parts.store.dir);
    // index.json has become shorter; that is no holding of its own.
    expect(before.totalBytes - after.totalBytes).toBeGreaterThanOrEqual(preview.freedBytes);
    expect(parts.state.history.list({ offset: 0, limit: 10 }).total).toBe(1);
  });

  test('drops indexes of layers that are gone, and what a crash left of one', async () => {
    const parts = await furnished();
    const { store } = parts;
    const dir = join(store.dir, 'layer-index');
    await writeFile(join(dir, digestHex(describeBytes('gone').digest)), 'index');
    await writeFile(join(dir, 'x.new'), 'half');
    await writeFile(join(dir, 'y.new'), 'being written');
    const old = new Date(Date.now() - 2 * 3_600_000);
    await utimes(join(dir, 'x.new'), old, old);
    const { items } = await collectStorage(parts, nothing);
    expect(items.map(({ kind, bytes }) => `${kind} ${bytes}`)).toEqual([
      'loose 5',
      'layer-index 5',
      'layer-index 4',
    ]);
    expect((await readdir(dir)).length).toBe(3);
  });

  test('keeps what the build cache remembers, and forgets records whose layer is gone', async () => {
    const parts = await newParts();
    const { store } = parts;
    const layer = describeBytes('cached layer');
    await store.blobs.write(layer, bytesOf('cached layer'));
    remember(store, 'whole', layer);
    remember(store, 'lost', describeBytes('gone'));
    remember(store, 'nothing');
    const { items } = await collectStorage(parts, nothing);
    expect(items.map(({ holdingId }) => holdingId)).toEqual(['lost']);
    expect(await listBlobs(store)).toHaveLength(1);
    const all = await collectStorage(parts, byPolicy({ olderThanMs: -1000 }));
    expect(all.items.map(({ bytes, title }) => [title, bytes])).toEqual([
      ['COPY whole C:/', 12],
      ['COPY nothing C:/', 0],
    ]);
    expect(await listBlobs(store)).toEqual([]);
  });

  test('lets a signature live exactly as long as its image', async () => {
    const parts = await newParts();
    const { store } = parts;
    const one = await storeImage(store.blobs, ['one']);
    await store.names.set('one', one);
    const empty = describeBytes('{}', mediaTypes.ociEmpty);
    await store.blobs.write(empty, bytesOf('{}'));
    const manifest = { schemaVersion: 2, config: empty, layers: [empty], subject: one };
    const signature = await writeDocument(store.blobs, mediaTypes.ociManifest, manifest);
    await store.names.set(undefined, signature);
    expect((await collectStorage(parts, nothing)).items).toEqual([]);
    await store.names.remove('one');
    const { items } = await collectStorage(parts, nothing);
    expect(items.length).toBeGreaterThan(4);
    expect(await listBlobs(store)).toEqual([]);
    expect(await store.names.list()).toEqual([]);
  });

  test('takes a build out of the history together with its log', async () => {
    const parts = await newParts();
    const { state, store } = parts;
    const summary = state.history.begin(requestFor('/p'), state.claim().owner);
    state.history.save({ ...summary, status: 'succeeded', finishedAt: Date.now() - 1000 });
    await mkdir(state.buildDir(summary.buildId), { recursive: true });
    await writeFile(join(state.buildDir(summary.buildId), 'log.text'), 'hello\n');
    await collectStorage(parts, byPolicy({ olderThanMs: 0, kinds: ['builds'] }));
    expect(state.history.list({ offset: 0, limit: 10 }).total).toBe(0);
    expect(await readdir(join(store.dir, 'state', 'builds'))).toEqual([]);
  });

  test('waits for others as long as it is told to, and removes nothing while they work', async () => {
    const parts = await furnished();
    const { store } = parts;
    const held = await store.lock.shared();
    expect(await failureFrom(collectStorage(parts, nothing))).toEqual({
      code: 'store-busy',
      path: store.dir,
    });
    const waiting = collectStorage(parts, nothing, { patienceMs: 10_000 });
    held[Symbol.dispose]();
    expect((await waiting).items).toHaveLength(1);
  });

  test('removes nothing while a manifest cannot be understood, and says which', async () => {
    const parts = await furnished();
    const { store } = parts;
    const broken = describeBytes('{"schemaVersion":2}', mediaTypes.ociManifest);
    await store.blobs.write(broken, bytesOf('{"schemaVersion":2}'));
    await store.names.set('broken', broken);
    const before = await listBlobs(store);
    expect(await failureFrom(collectStorage(parts, byPolicy({ maxBytes: 0 })))).toMatchObject({
      code: 'storage-unreadable',
      digest: broken.digest,
    });
    expect(await listBlobs(store)).toEqual(before);
    const usage = await usageOf(await surveyStore(parts), store.dir);
    expect(usage.damaged).toMatchObject([{ digest: broken.digest }]);
  });

  test('that is cancelled leaves a sound store, and the next one does the rest', async () => {
    const parts = await newParts();
    const { store } = parts;
    for (let n = 0; n < 10; n += 1) await store.blobs.write(describeBytes(`${n}`), bytesOf(`${n}`));
    const controller = new AbortController();
    const cut = collectStorage(parts, nothing, {
      onRemoved: done => done === 4 && controller.abort(),
      signal: controller.signal,
    });
    expect(await failureFrom(cut)).toEqual({ code: 'cancelled' });
    expect(await listBlobs(store)).toHaveLength(6);
    expect((await collectStorage(parts, nothing)).items).toHaveLength(6);
  });
});

test('what another part of the engine keeps is listed, stays with its layer, and is removed by its owner', async () => {
  const parts = await furnished();
  const removed: string[] = [];
  const { layersBaseFirst } = await readImage(
    parts.store.blobs,
    await parts.store.names.resolve('two'),
  );
  const [base] = layersBaseFirst;
  if (base === undefined) throw new Error('the image has layers');
  const common = { kind: 'windows', title: 'unpacked', bytes: 100, lastUsedAt: 0 } as const;
  const providers = [
    {
      list: async () => [
        { ...common, holdingId: 'needed', derivedFrom: base.diffId },
        { ...common, holdingId: 'orphan', derivedFrom: describeBytes('gone').digest },
      ],
      remove: async (holdings: readonly { readonly holdingId: string }[]) => {
        removed.push(...holdings.map(({ holdingId }) => holdingId));
      },
    },
  ];
  const { items } = await collectStorage({ ...parts, providers }, nothing);
  expect(items.map(({ kind }) => kind)).toEqual(['loose', 'windows']);
  expect(removed).toEqual(['orphan']);
});

test('what the hcs backend left is told of on other systems, and nothing takes it', async () => {
  const parts = await newParts();
  const scratch = join(parts.store.dir, 'windows', 'scratch', 'one');
  await mkdir(scratch, { recursive: true });
  await writeFile(join(scratch, 'sandbox.vhdx'), 'disk');
  const { items } = await usageOf(await surveyStore(parts), parts.store.dir);
  expect(items.filter(({ kind }) => kind === 'windows')).toMatchObject([
    { bytes: 4, kept: 'in-use' },
  ]);
  expect((await collectStorage(parts, byPolicy({ maxBytes: 0 }))).items).toEqual([]);
});
