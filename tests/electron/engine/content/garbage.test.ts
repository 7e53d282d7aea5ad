import { describe, expect, test } from 'vitest';
import {
  collectGarbage,
  previewRemoval,
  removeImage,
} from '../../../../electron/engine/content/garbage.ts';
import { imageSizes } from '../../../../electron/engine/content/image-sizes.ts';
import type { Store } from '../../../../electron/engine/content/store.ts';
import { writeDocument } from '../../../../electron/engine/content/document-blob.ts';
import { readImage } from '../../../../electron/engine/image/read-image.ts';
import { writeIndex } from '../../../../electron/engine/image/write-image.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { storeImage } from '../image/helpers.ts';
import { bytesOf, describeBytes, failureFrom, listBlobs, newStore } from './helpers.ts';

async function storeTwoImages(): Promise<Store> {
  const store = await newStore();
  await store.names.set('one', await storeImage(store.blobs, ['base', 'one']));
  await store.names.set('two', await storeImage(store.blobs, ['base', 'two']));
  return store;
}

const blobsOf = async (store: Store) => (await listBlobs(store)).length;
const total = (blobs: readonly { readonly size: number }[]) =>
  blobs.reduce((sum, blob) => sum + blob.size, 0);

describe('garbage collection', () => {
  test('removes only what no name reaches', async () => {
    const store = await storeTwoImages();
    const stray = describeBytes('stray');
    await store.blobs.write(stray, bytesOf('stray'));
    expect(await collectGarbage(store)).toEqual([{ digest: stray.digest, size: 5 }]);
    expect(await blobsOf(store)).toBe(7);
    expect(await collectGarbage(store)).toEqual([]);
  });

  test('keeps what it is told to keep, and untagged images', async () => {
    const store = await newStore();
    const cached = describeBytes('cached layer');
    await store.blobs.write(cached, bytesOf('cached layer'));
    await store.names.set(undefined, await storeImage(store.blobs, ['untagged']));
    expect(await collectGarbage(store, new Set([cached.digest]))).toEqual([]);
  });

  test('reaches through indexes', async () => {
    const store = await newStore();
    const images = [await storeImage(store.blobs, ['a']), await storeImage(store.blobs, ['b'])];
    await store.names.set('many', await writeIndex(store.blobs, images));
    expect(await collectGarbage(store)).toEqual([]);
    expect((await removeImage(store, 'many')).freed).toHaveLength(7);
    expect(await blobsOf(store)).toBe(0);
  });

  test('lets a referrer live exactly as long as its subject', async () => {
    const store = await storeTwoImages();
    const one = await store.names.resolve('one');
    const empty = describeBytes('{}', mediaTypes.ociEmpty);
    await store.blobs.write(empty, bytesOf('{}'));
    const subject = { mediaType: one.mediaType, digest: one.digest, size: one.size };
    const manifest = { schemaVersion: 2, config: empty, layers: [empty], subject };
    const signature = await writeDocument(store.blobs, mediaTypes.ociManifest, manifest);
    await store.names.set(undefined, signature);
    expect(await collectGarbage(store)).toEqual([]);
    const { freed } = await removeImage(store, 'one');
    expect(freed.map(blob => blob.digest)).toContain(signature.digest);
    expect((await store.names.list()).map(image => image.reference)).toEqual([
      'docker.io/library/two:latest',
    ]);
  });

  test('waits for nobody: while the store is in use it says so and removes nothing', async () => {
    const store = await storeTwoImages();
    using _ = await store.lock.shared();
    expect(await failureFrom(collectGarbage(store))).toEqual({
      code: 'store-busy',
      path: store.dir,
    });
    expect(await blobsOf(store)).toBe(7);
  });

  test('removes nothing where a manifest cannot be understood', async () => {
    const store = await storeTwoImages();
    const broken = describeBytes('{"schemaVersion":2}', mediaTypes.ociManifest);
    await store.blobs.write(broken, bytesOf('{"schemaVersion":2}'));
    await store.blobs.write(describeBytes('stray'), bytesOf('stray'));
    await store.names.set('broken', broken);
    expect(await failureFrom(collectGarbage(store))).toMatchObject({
      code: 'image-invalid',
      digest: broken.digest,
      field: 'config',
    });
    expect(await blobsOf(store)).toBe(9);
    await removeImage(store, 'broken');
    expect(await blobsOf(store)).toBe(7);
  });
});

describe('removing an image', () => {
  test('forgets what the cache has of it, and keeps what the cache has of others', async () => {
    const store = await storeTwoImages();
    const { manifest } = await readImage(store.blobs, await store.names.resolve('one'));
    const own = manifest.layers[1]?.digest;
    const other = describeBytes('layer of a build that failed');
    await store.blobs.write(other, bytesOf('layer of a build that failed'));
    if (own === undefined) throw new Error('the image has two layers');
    const cached = new Set([own, other.digest]);
    const { freed } = await previewRemoval(store, 'one', cached);
    expect(freed.map(blob => blob.digest)).toContain(own);
    expect(freed.map(blob => blob.digest)).not.toContain(other.digest);
    expect((await removeImage(store, 'one', cached)).freed).toEqual(freed);
  });

  test('frees what the preview said, and leaves what others share', async () => {
    const store = await storeTwoImages();
    const preview = await previewRemoval(store, 'one');
    expect(await blobsOf(store)).toBe(7);
    const removal = await removeImage(store, 'one');
    expect(removal).toEqual(preview);
    expect([removal.freed.length, await blobsOf(store)]).toEqual([3, 4]);
  });

  test('frees nothing while another name is left', async () => {
    const store = await storeTwoImages();
    await store.names.set('alias', await store.names.resolve('one'));
    const { removed, freed } = await removeImage(store, 'one');
    expect([removed.map(image => image.reference), freed]).toEqual([
      ['docker.io/library/one:latest'],
      [],
    ]);
  });

  test('removes the name at once and the blobs later, where a build is running', async () => {
    const store = await storeTwoImages();
    const { freed: expected } = await previewRemoval(store, 'one');
    {
      using _ = await store.lock.shared();
      const { freed, left } = await removeImage(store, 'one');
      expect([freed, left]).toEqual([[], expected]);
      expect((await failureFrom(store.names.resolve('one'))).code).toBe('image-missing');
    }
    expect(await collectGarbage(store)).toEqual(expected);
  });
});

describe('the sizes of images', () => {
  test('tell shared from unique blobs', async () => {
    const store = await storeTwoImages();
    await store.names.set('alias', await store.names.resolve('one'));
    const { digest } = await store.names.resolve('one');
    const unique = total((await previewRemoval(store, digest)).freed);
    const all = total(await listBlobs(store));
    const sizes = await imageSizes(store);
    const shared = all - unique - (sizes[1]?.uniqueSize ?? Number.NaN);
    expect(sizes.map(each => [each.reference, each.sharedSize])).toEqual([
      ['docker.io/library/one:latest', shared],
      ['docker.io/library/two:latest', shared],
      ['docker.io/library/alias:latest', shared],
    ]);
    expect([sizes[0]?.uniqueSize, sizes[2]?.uniqueSize]).toEqual([unique, unique]);
  });

  test('leave out what is missing, and name it', async () => {
    const store = await storeTwoImages();
    const { layersBaseFirst } = await readImage(store.blobs, await store.names.resolve('one'));
    const [base] = layersBaseFirst.map(layer => layer.descriptor.digest);
    if (base !== undefined) await store.blobs.delete(base);
    expect((await imageSizes(store)).map(each => [each.sharedSize, each.missing])).toEqual([
      [0, [base]],
      [0, [base]],
    ]);
  });
});
