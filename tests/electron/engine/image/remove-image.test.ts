import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readImage } from '../../../../electron/engine/image/read-image.ts';
import { removeImageWithDerived } from '../../../../electron/engine/image/remove-image.ts';
import { createLayerContents } from '../../../../electron/engine/layer/layer-contents.ts';
import { createLayerIndexes } from '../../../../electron/engine/layer/layer-indexes.ts';
import { digestHex } from '../../../../shared/oci/digest.ts';
import { newStore } from '../content/helpers.ts';
import { storeImage } from './helpers.ts';

test('with an image go the indexes and unpacked forms of layers that nobody has any more', async () => {
  const store = await newStore();
  const { blobs, names } = store;
  await names.set('one:1', await storeImage(blobs, ['shared', 'own']));
  await names.set('two:1', await storeImage(blobs, ['shared']));
  const { layersBaseFirst } = await readImage(blobs, await names.resolve('one:1'));
  const [shared, own] = layersBaseFirst.map(({ diffId }) => digestHex(diffId));
  const indexes = createLayerIndexes(store.dir, blobs);
  const contents = createLayerContents({
    blobs,
    storeDir: store.dir,
    newScratchPath: () => store.newScratchPath(),
  });
  for (const ref of layersBaseFirst) {
    const index = await indexes.get(ref);
    const file = Array.from({ length: index.count }, (_, at) => at).find(
      at => index.kindAt(at) === 'file',
    );
    for await (const _ of contents.open({ ref, index }, file ?? 0));
  }
  await contents[Symbol.asyncDispose]();
  const files = async (folder: string) => (await readdir(join(store.dir, folder))).sort();
  expect(await files('layer-index')).toEqual(
    [shared, own].toSorted((a, b) => (String(a) < String(b) ? -1 : 1)),
  );
  const unpacked = await files('layer-cache');
  expect(unpacked).toEqual([shared, own].toSorted((a, b) => (String(a) < String(b) ? -1 : 1)));

  await removeImageWithDerived(store, 'one:1', new Set());
  expect([await files('layer-index'), await files('layer-cache')]).toEqual([[shared], [shared]]);
  await removeImageWithDerived(store, 'two:1', new Set());
  expect([await files('layer-index'), await files('layer-cache')]).toEqual([[], []]);
});
