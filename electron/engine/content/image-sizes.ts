import type { Digest } from '../../../shared/oci/digest.ts';
import { reachable } from './graph.ts';
import type { NamedImage } from './image-names.ts';
import type { Store } from './store.ts';

/** What an image takes on disk, in bytes. */
export interface ImageSizes extends NamedImage {
  /** Blobs of no other image. Names of one image count once. */
  readonly uniqueSize: number;
  /** Blobs that other images need too. */
  readonly sharedSize: number;
  /** What the image needs and the store does not hold, such as foreign layers. */
  readonly missing: readonly Digest[];
}

/** The images of a store in the order of its index, with what each takes on disk. */
export async function imageSizes(
  store: Store,
  signal?: AbortSignal,
): Promise<readonly ImageSizes[]> {
  const onDisk = new Map<Digest, number>();
  for await (const { digest, size } of store.blobs.list()) onDisk.set(digest, size);
  const images = await store.names.list();
  const needs = new Map<Digest, readonly Digest[]>();
  for (const { descriptor } of images) {
    if (needs.has(descriptor.digest)) continue;
    const found = await reachable(store.blobs, [descriptor], { skipMissing: true }, signal);
    needs.set(descriptor.digest, [...found.keys()]);
  }
  const users = Map.groupBy([...needs.values()].flat(), digest => digest);
  return images.map(image => {
    const blobs = needs.get(image.descriptor.digest) ?? [];
    const sum = (digests: readonly Digest[]) =>
      digests.reduce((total, digest) => total + (onDisk.get(digest) ?? 0), 0);
    const isShared = (digest: Digest) => (users.get(digest)?.length ?? 0) > 1;
    return {
      ...image,
      uniqueSize: sum(blobs.filter(digest => !isShared(digest))),
      sharedSize: sum(blobs.filter(isShared)),
      missing: blobs.filter(digest => !onDisk.has(digest)),
    };
  });
}
