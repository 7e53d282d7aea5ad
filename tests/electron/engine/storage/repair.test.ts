import { randomBytes } from 'node:crypto';
import { chmod, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Store } from '../../../../electron/engine/content/store.ts';
import { readImage } from '../../../../electron/engine/image/read-image.ts';
import { writeImage, writeIndex } from '../../../../electron/engine/image/write-image.ts';
import { createLayerIndexes } from '../../../../electron/engine/layer/layer-indexes.ts';
import { createRegistryClient } from '../../../../electron/engine/registry/client.ts';
import { refetchFrom } from '../../../../electron/engine/storage/refetch.ts';
import { repairStore } from '../../../../electron/engine/storage/repair.ts';
import { verifyStore } from '../../../../electron/engine/storage/verify.ts';
import { openState } from '../../../../electron/engine/state/state.ts';
import { digestHex, type Digest } from '../../../../shared/oci/digest.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { startDockerRegistry, type DockerRegistry } from '../../../support/docker-registry.ts';
import { bytesOf, describeBytes, failureFrom, listBlobs, newStore } from '../content/helpers.ts';
import { newImage, storeImage, windows2022 } from '../image/helpers.ts';
import { newSite } from '../transfer/helpers.ts';

/** Turns one bit of a blob's file. */
async function damage(store: Store, digest: Digest): Promise<void> {
  const path = store.blobs.path(digest);
  const content = await readFile(path);
  content[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
  await chmod(path, 0o644);
  await writeFile(path, content);
}

const faultsOf = async (store: Store) => (await verifyStore(store)).report.faults;

/** A store with an image of two layers; its parts. */
async function withImage(name = 'shop:1') {
  const store = await newStore();
  const descriptor = await storeImage(store.blobs, ['base', 'app']);
  await store.names.set(name, descriptor);
  const { manifest } = await readImage(store.blobs, descriptor);
  const [base, app] = manifest.layers;
  if (base === undefined || app === undefined) throw new Error('the image has two layers');
  return { store, descriptor, config: manifest.config, base, app };
}

describe('a verification', () => {
  test('finds nothing in a sound store, and tells how far it is', async () => {
    const { store } = await withImage();
    const told: number[] = [];
    const { report } = await verifyStore(store, {
      deep: true,
      onProgress: ({ current }) => told.push(current),
    });
    expect(report).toMatchObject({ checkedBlobs: 4, images: 1, faults: [] });
    expect(told.at(-1)).toBe(report.checkedBytes);
  });

  test.each(['base', 'config', 'descriptor'] as const)(
    'finds a flipped bit in the %s',
    async part => {
      const image = await withImage();
      await damage(image.store, image[part].digest);
      expect(await faultsOf(image.store)).toEqual([
        {
          kind: 'blob-damaged',
          digest: image[part].digest,
          size: image[part].size,
          neededBy: ['shop:1'],
        },
      ]);
    },
  );

  test('finds a blob that is cut off, one that is missing, and one that nothing needs', async () => {
    const { app, base, store } = await withImage();
    await chmod(store.blobs.path(base.digest), 0o644);
    await truncate(store.blobs.path(base.digest), 10);
    await rm(store.blobs.path(app.digest));
    const stray = describeBytes('stray');
    await store.blobs.write(stray, bytesOf('stray'));
    await damage(store, stray.digest);
    expect(new Set(await faultsOf(store))).toEqual(
      new Set([
        { kind: 'blob-damaged', digest: base.digest, size: 10, neededBy: ['shop:1'] },
        { kind: 'blob-damaged', digest: stray.digest, size: 5, neededBy: [] },
        { kind: 'blob-missing', digest: app.digest, size: app.size, neededBy: ['shop:1'] },
      ]),
    );
  });

  test('finds a manifest that makes no sense, and a layer that is not the one its config says', async () => {
    const store = await newStore();
    const broken = describeBytes('{"schemaVersion":2}', mediaTypes.ociManifest);
    await store.blobs.write(broken, bytesOf('{"schemaVersion":2}'));
    await store.names.set('broken', broken);
    const image = await newImage(store.blobs, ['a', 'b']);
    const [a, b] = image.layersBaseFirst;
    if (a === undefined || b === undefined) throw new Error('the image has two layers');
    const diffIds = [b.diffId, b.diffId];
    const config = { ...image.config, rootfs: { ...image.config.rootfs, diff_ids: diffIds } };
    const lying = { config, layersBaseFirst: [{ ...a, diffId: b.diffId }, b] };
    await store.names.set('lying', await writeImage(store.blobs, lying));
    expect(await faultsOf(store)).toMatchObject([
      { kind: 'document-invalid', digest: broken.digest, neededBy: ['broken:latest'] },
    ]);
    const { report } = await verifyStore(store, { deep: true });
    expect(report.faults).toMatchObject([
      { kind: 'document-invalid', digest: broken.digest },
      { kind: 'layer-mismatch', digest: a.descriptor.digest, neededBy: ['lying:latest'] },
    ]);
  });

  test('takes images of an index that were never pulled, and foreign layers that are not here, for no fault', async () => {
    const store = await newStore();
    const here = await storeImage(store.blobs, ['here']);
    const elsewhere = describeBytes('elsewhere', mediaTypes.ociManifest);
    const index = await writeIndex(store.blobs, [
      { ...here, platform: windows2022 },
      { ...elsewhere, platform: { ...windows2022, architecture: 'arm64' } },
    ]);
    await store.names.set('many', index);
    const image = await newImage(store.blobs, ['app']);
    const foreign = {
      ...describeBytes('base', mediaTypes.ociForeignLayerGzip),
      urls: ['https://example.com/base'],
    };
    const diffId = describeBytes('unpacked base').digest;
    const layersBaseFirst = [{ descriptor: foreign, diffId }, ...image.layersBaseFirst];
    const config = {
      ...image.config,
      history: [],
      rootfs: { type: 'layers' as const, diff_ids: layersBaseFirst.map(each => each.diffId) },
    };
    await store.names.set('foreign', await writeImage(store.blobs, { config, layersBaseFirst }));
    expect(await faultsOf(store)).toEqual([]);
  });

  test('finds damage beside the blobs', async () => {
    const { base, descriptor, store } = await withImage();
    const { layersBaseFirst } = await readImage(store.blobs, descriptor);
    const [layer] = layersBaseFirst;
    if (layer === undefined) throw new Error('the image has layers');
    await createLayerIndexes(store.dir, store.blobs).get(layer);
    const index = join(store.dir, 'layer-index', digestHex(layer.diffId));
    await truncate(index, 100);
    await openState(store.dir).close();
    const history = join(store.dir, 'state', 'history.db');
    await writeFile(history, 'no database');
    const stray = join(store.blobs.path(base.digest), '..', 'note.txt');
    await writeFile(stray, 'hello');
    expect(await faultsOf(store)).toMatchObject([
      { kind: 'stray-file', path: stray },
      { kind: 'cache-damaged', path: index },
      { kind: 'history-damaged', path: history },
    ]);
    const { actions } = await repairStore(store);
    expect(actions.map(({ kind }) => kind)).toEqual([
      'file-removed',
      'file-removed',
      'file-set-aside',
    ]);
    expect(await faultsOf(store)).toEqual([]);
    await openState(store.dir).close();
  });

  test('is cancelled in the middle of a blob', async () => {
    const store = await newStore();
    const content = randomBytes(20_000_000);
    await store.blobs.write(describeBytes(content), bytesOf(content));
    const controller = new AbortController();
    const cut = verifyStore(store, {
      onProgress: () => controller.abort(),
      signal: controller.signal,
    });
    expect(await failureFrom(cut)).toEqual({ code: 'cancelled' });
    using free = store.lock.tryExclusive();
    expect(free).toBeDefined();
  });
});

describe('a repair without a registry', () => {
  test('drops an image that cannot be completed, and leaves what others need', async () => {
    const { app, descriptor, store } = await withImage();
    await store.names.set('base', await storeImage(store.blobs, ['base']));
    await damage(store, app.digest);
    const report = await repairStore(store);
    expect(report.found).toHaveLength(1);
    expect(report.actions).toEqual([
      { kind: 'blob-removed', digest: app.digest },
      { kind: 'name-dropped', reference: 'shop:1', digest: descriptor.digest },
    ]);
    expect(await faultsOf(store)).toEqual([]);
    expect((await store.names.list()).map(each => each.reference)).toEqual([
      'docker.io/library/base:latest',
    ]);
  });

  test('of an index takes only the image that is damaged', async () => {
    const store = await newStore();
    const images = [await storeImage(store.blobs, ['a']), await storeImage(store.blobs, ['b'])];
    await store.names.set('many', await writeIndex(store.blobs, images));
    const [first, second] = images;
    if (first === undefined || second === undefined) throw new Error('there are two');
    const { manifest } = await readImage(store.blobs, first);
    await damage(store, manifest.config.digest);
    expect((await repairStore(store)).actions).toEqual([
      { kind: 'blob-removed', digest: manifest.config.digest },
      { kind: 'image-removed', digest: first.digest, of: 'many:latest' },
    ]);
    expect(await faultsOf(store)).toEqual([]);
    await readImage(store.blobs, second);
    await damage(store, second.digest);
    expect((await repairStore(store)).actions.map(({ kind }) => kind)).toEqual([
      'blob-removed',
      'name-dropped',
    ]);
    expect(await store.names.list()).toEqual([]);
  });

  test('touches nothing in a sound store', async () => {
    const { store } = await withImage();
    const before = await listBlobs(store);
    expect(await repairStore(store, { deep: true })).toEqual({
      found: [],
      actions: [],
      unfetched: [],
    });
    expect(await listBlobs(store)).toEqual(before);
  });
});

describe('a repair with the registry that an image came from', () => {
  let registry: DockerRegistry;
  beforeAll(async () => {
    registry = await startDockerRegistry();
    return async () => await registry[Symbol.asyncDispose]();
  });

  /** Pulled from the registry, so that its origins are known. */
  async function pulled() {
    const source = await newSite();
    const descriptor = await storeImage(source.store.blobs, ['base', 'app']);
    await source.store.names.set('app', descriptor);
    await source.transfers.push({ image: 'app', target: `${registry.host}/team/app:1` });
    const site = await newSite();
    await site.transfers.pull(`${registry.host}/team/app:1`, { choice: { kind: 'all' } });
    const client = createRegistryClient({ environment: {}, timeoutMs: 5000 });
    onTestFinished(async () => await client[Symbol.asyncDispose]());
    const { manifest } = await readImage(site.store.blobs, descriptor);
    return { store: site.store, descriptor, manifest, refetch: refetchFrom(client, site.store) };
  }

  test('fetches every blob that is damaged or missing, the manifest too', async () => {
    const { descriptor, manifest, refetch, store } = await pulled();
    const [base, app] = manifest.layers;
    if (base === undefined || app === undefined) throw new Error('the image has two layers');
    await damage(store, descriptor.digest);
    await damage(store, base.digest);
    await rm(store.blobs.path(app.digest));
    await rm(store.blobs.path(manifest.config.digest));
    const from = `${registry.host}/team/app`;
    const { actions, unfetched } = await repairStore(store, { refetch });
    expect(unfetched).toEqual([]);
    expect(actions).toHaveLength(4);
    for (const { digest } of [descriptor, manifest.config, base, app]) {
      expect(actions).toContainEqual({ kind: 'fetched', digest, from });
    }
    expect(await faultsOf(store)).toEqual([]);
    await readImage(store.blobs, await store.names.resolve(`${registry.host}/team/app:1`));
  });

  test('finds a layer under another name, because it remembers where it was seen', async () => {
    const { descriptor, manifest, refetch, store } = await pulled();
    await store.names.set('mine:1', descriptor);
    await store.names.remove(`${registry.host}/team/app:1`);
    const [base] = manifest.layers;
    if (base === undefined) throw new Error('the image has two layers');
    await damage(store, base.digest);
    const { actions } = await repairStore(store, { refetch });
    expect(actions).toEqual([
      { kind: 'fetched', digest: base.digest, from: `${registry.host}/team/app` },
    ]);
  });

  test('says where it looked in vain, and then drops the image', async () => {
    const { refetch, store } = await pulled();
    const own = await storeImage(store.blobs, ['mine']);
    const name = `${registry.host}/team/never-pushed:1`;
    await store.names.set(name, own);
    const { manifest } = await readImage(store.blobs, own);
    await damage(store, manifest.config.digest);
    const { actions, unfetched } = await repairStore(store, { refetch });
    expect(unfetched).toMatchObject([
      { digest: manifest.config.digest, tried: [{ place: `${registry.host}/team/never-pushed` }] },
    ]);
    expect(actions).toContainEqual({ kind: 'name-dropped', reference: name, digest: own.digest });
    expect(await faultsOf(store)).toEqual([]);
  });
});
