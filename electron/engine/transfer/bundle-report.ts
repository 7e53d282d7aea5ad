import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isForeign } from '../../../shared/oci/media-types.ts';
import { formatPlatform } from '../../../shared/oci/platform.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { reachable } from '../content/graph.ts';
import type { NamedImage } from '../content/image-names.ts';
import { listImages } from '../image/select-image.ts';
import type { BundledImage } from './transfers.ts';

/** An image of a bundle with the blobs of it that are there. */
export interface CheckedImage {
  readonly image: BundledImage;
  readonly held: readonly Descriptor[];
}

/**
 * Looks at every blob that an image needs. `take` makes sure of one: false where it is not there; it throws
 * blob-mismatch or archive-invalid where its content is wrong.
 */
export async function checkBundle(
  blobs: BlobReader,
  { reference, descriptor }: NamedImage,
  take: (blob: Descriptor) => Promise<boolean>,
  signal?: AbortSignal,
): Promise<CheckedImage> {
  const found = { held: [], missing: [], foreignMissing: [], damaged: [] } as {
    readonly [K in 'held' | 'missing' | 'foreignMissing' | 'damaged']: Descriptor[];
  };
  let platforms: readonly string[] = [];
  try {
    const needed = await reachable(blobs, [descriptor], { skipMissing: true }, signal);
    platforms = (await listImages(blobs, descriptor, signal)).map(({ platform }) =>
      formatPlatform(platform),
    );
    for (const blob of needed.values()) {
      const state = await stateOf(blob, take);
      found[state === 'missing' && isForeign(blob.mediaType) ? 'foreignMissing' : state].push(blob);
    }
  } catch (error) {
    // A manifest that cannot be read: nobody knows what else the image needs.
    if (!isDamage(error)) throw error;
    found.damaged.push(descriptor);
  }
  const { held, ...lacking } = found;
  const incomplete = lacking.missing.length > 0 || lacking.damaged.length > 0;
  const whole = lacking.foreignMissing.length > 0 ? 'complete-but-foreign' : 'complete';
  const image: BundledImage = {
    ...(reference === undefined ? {} : { reference }),
    descriptor,
    platforms,
    state: incomplete ? 'incomplete' : whole,
    ...lacking,
  };
  return { image, held };
}

async function stateOf(
  blob: Descriptor,
  take: (blob: Descriptor) => Promise<boolean>,
): Promise<'held' | 'missing' | 'damaged'> {
  try {
    return (await take(blob)) ? 'held' : 'missing';
  } catch (error) {
    if (isDamage(error)) return 'damaged';
    throw error;
  }
}

const damageCodes: ReadonlySet<string> = new Set([
  'blob-mismatch',
  'blob-missing',
  'archive-invalid',
  'image-invalid',
]);

function isDamage(error: unknown): boolean {
  return error instanceof AppError && damageCodes.has(error.failure.code);
}
