import { AppError } from '../../../../shared/failure.ts';
import { shownReference } from '../../../../shared/oci/reference.ts';
import type { BlobReader } from '../../content/blob-store.ts';
import type { ImageNames, NamedImage } from '../../content/image-names.ts';
import { readImage, type StoredImage } from '../../image/read-image.ts';
import { listImages } from '../../image/select-image.ts';
import { isBaseImage } from '../image-facts.ts';
import { openLayers, type LayerAccess } from '../open-layers.ts';
import type { KnownBase } from './image-programs.ts';

/** A store to look for bases in. */
export interface BaseSource {
  readonly blobs: BlobReader;
  readonly names: Pick<ImageNames, 'list'>;
}

/** The Windows base images of a store for an architecture, each once. Images that cannot be read are left out. */
export async function basesInStore(
  { blobs, names }: BaseSource,
  access: LayerAccess,
  architecture: string,
  signal?: AbortSignal,
): Promise<KnownBase[]> {
  const bases = new Map<string, KnownBase>();
  for (const named of await names.list()) {
    for (const stored of await imagesOf(blobs, named, signal)) {
      const { digest } = stored.descriptor;
      if (bases.has(digest) || stored.config.architecture !== architecture) continue;
      if (!isBaseImage(stored) || !(await hasLayers(blobs, stored))) continue;
      bases.set(digest, knownBase(stored, named, access));
    }
  }
  return [...bases.values()];
}

async function imagesOf(
  blobs: BlobReader,
  { descriptor }: NamedImage,
  signal: AbortSignal | undefined,
): Promise<StoredImage[]> {
  try {
    const images: StoredImage[] = [];
    for (const candidate of await listImages(blobs, descriptor, signal)) {
      images.push(await readImage(blobs, candidate.descriptor, signal));
    }
    return images;
  } catch (error) {
    // Other artifacts than images, and images that are here only in part.
    if (error instanceof AppError && error.failure.code !== 'cancelled') return [];
    throw error;
  }
}

async function hasLayers(blobs: BlobReader, { layersBaseFirst }: StoredImage): Promise<boolean> {
  for (const { descriptor } of layersBaseFirst) if (!(await blobs.has(descriptor))) return false;
  return true;
}

function knownBase(stored: StoredImage, named: NamedImage, access: LayerAccess): KnownBase {
  const { digest } = stored.descriptor;
  return {
    reference: named.reference === undefined ? digest : shownReference(named.reference),
    manifestDigest: digest,
    packedSize: stored.layersBaseFirst.reduce((sum, layer) => sum + layer.descriptor.size, 0),
    architecture: stored.config.architecture,
    open: async signal =>
      await openLayers(access, stored.layersBaseFirst, signal === undefined ? {} : { signal }),
  };
}
