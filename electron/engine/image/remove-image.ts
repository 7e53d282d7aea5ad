import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { digestHex, type Digest } from '../../../shared/oci/digest.ts';
import type { ImageLayer } from '../../../shared/oci/layer-chain.ts';
import { removeImage, type Removal } from '../content/garbage.ts';
import type { NamedImage } from '../content/image-names.ts';
import type { Store } from '../content/store.ts';
import { readImage } from './read-image.ts';
import { listPresentImages } from './select-image.ts';

/** Folders of the store with one file for each layer, named by its diff ID. */
const derivedFolders = ['layer-index', 'layer-cache'] as const;

/**
 * Removes a name, or by digest all names of an image, as `removeImage` does, and with it the indexes and the unpacked
 * forms of layers that are gone. Throws image-missing.
 */
export async function removeImageWithDerived(
  store: Store,
  reference: string,
  cached: ReadonlySet<Digest>,
  signal?: AbortSignal,
): Promise<Removal> {
  const layers = await layersOf(store, await store.names.matching(reference), signal);
  const removal = await removeImage(store, reference, cached, signal);
  const held = new Set(
    (await layersOf(store, await store.names.list(), signal)).map(({ diffId }) => diffId),
  );
  for (const { descriptor, diffId } of layers) {
    // A cache record may keep a layer that no image has; another image may hold it packed in another way.
    if (held.has(diffId) || (await store.blobs.has(descriptor))) continue;
    for (const folder of derivedFolders) {
      // A cache: what cannot be removed now goes with a later collection.
      await rm(join(store.dir, folder, digestHex(diffId)), { force: true }).catch(() => undefined);
    }
  }
  return removal;
}

async function layersOf(
  store: Store,
  images: readonly NamedImage[],
  signal: AbortSignal | undefined,
): Promise<readonly ImageLayer[]> {
  const layers = new Map<string, ImageLayer>();
  for (const { descriptor } of images) {
    // What cannot be read has no layers that are known, and its removal tells what is wrong.
    const present = await listPresentImages(store.blobs, descriptor, signal).catch(() => []);
    for (const candidate of present) {
      const image = await readImage(store.blobs, candidate.descriptor, signal).catch(
        () => undefined,
      );
      for (const layer of image?.layersBaseFirst ?? []) layers.set(layer.descriptor.digest, layer);
    }
  }
  return [...layers.values()];
}
