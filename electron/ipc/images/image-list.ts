import { AppError } from '../../../shared/failure.ts';
import type { ImageSummary } from '../../../shared/ipc/image-views.ts';
import { formatPlatform } from '../../../shared/oci/platform.ts';
import { shownReference } from '../../../shared/oci/reference.ts';
import { imageSizes, type ImageSizes } from '../../engine/content/image-sizes.ts';
import { thisHost } from '../../engine/catalogue/host.ts';
import type { Store } from '../../engine/content/store.ts';
import { bestForHost } from '../../engine/image/choose-for-host.ts';
import { readImage } from '../../engine/image/read-image.ts';
import { listImages, listPresentImages } from '../../engine/image/select-image.ts';
import { sampleMark } from '../../engine/sample/write-samples.ts';

/** Every image of the store, in the order of its index. One that is damaged does not hide the others. */
export async function listStoreImages(store: Store, signal?: AbortSignal): Promise<ImageSummary[]> {
  const summaries: ImageSummary[] = [];
  for (const image of await imageSizes(store, signal)) {
    const summary = await summaryOf(store, image, signal).catch((error: unknown) => {
      if (error instanceof AppError && error.failure.code !== 'cancelled') return damaged(image);
      throw error;
    });
    if (summary !== undefined) summaries.push(summary);
  }
  return summaries;
}

/** What is known of an image whose documents cannot be read; its detail says what is wrong. */
function damaged(image: ImageSizes): ImageSummary {
  return {
    reference: shownName(image),
    manifestDigest: image.descriptor.digest,
    os: 'unknown',
    architecture: 'unknown',
    layers: 0,
    size: image.uniqueSize + image.sharedSize,
    uniqueSize: image.uniqueSize,
    sample: false,
  };
}

/** Undefined for what is no image, such as a signature that another tool has put into the layout. */
export async function summaryOf(
  store: Store,
  image: ImageSizes,
  signal?: AbortSignal,
): Promise<ImageSummary | undefined> {
  const { descriptor } = image;
  const candidates = await listImages(store.blobs, descriptor, signal);
  const [first, ...others] = await listPresentImages(store.blobs, descriptor, signal);
  if (first === undefined) return candidates.length === 0 ? undefined : damaged(image);
  const chosen = bestForHost([first, ...others], thisHost());
  const present = new Set([first, ...others].map(each => each.descriptor.digest));
  const { config, manifest } = await readImage(store.blobs, chosen.descriptor, signal);
  const osVersion = config['os.version'];
  const isIndex = chosen.descriptor.digest !== descriptor.digest;
  return {
    reference: shownName(image),
    manifestDigest: descriptor.digest,
    os: config.os,
    architecture: config.architecture,
    ...(osVersion === undefined ? {} : { osVersion }),
    ...(config.created === undefined ? {} : { created: config.created }),
    layers: manifest.layers.length,
    size: image.uniqueSize + image.sharedSize,
    uniqueSize: image.uniqueSize,
    sample: descriptor.annotations?.[sampleMark] === 'true',
    ...(isIndex
      ? {
          children: candidates.map(({ descriptor: child, platform }) => ({
            platform: formatPlatform(platform),
            manifestDigest: child.digest,
            missing: !present.has(child.digest),
          })),
        }
      : {}),
  };
}

/** As people write it; an image without a name is called by its digest. */
export function shownName({
  reference,
  descriptor,
}: Pick<ImageSizes, 'reference' | 'descriptor'>): string {
  return reference === undefined ? descriptor.digest : shownReference(reference);
}
