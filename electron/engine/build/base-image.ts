import { AppError } from '../../../shared/failure.ts';
import { formatPlatform } from '../../../shared/oci/platform.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';
import type { BlobReader } from '../content/blob-store.ts';
import type { Store } from '../content/store.ts';
import type { BaseImageSource, WantedBase } from '../image/base-image-source.ts';
import { bestForHost } from '../image/choose-for-host.ts';
import type { StoredImage } from '../image/read-image.ts';
import { listImages, selectImage, type ImageCandidate } from '../image/select-image.ts';

/** The base images that are in the store already. */
export function storedBaseImages(store: Store): BaseImageSource {
  return {
    async provide(reference) {
      try {
        const base = await store.names.resolve(reference);
        await store.blobs.markUsed(base.digest);
        return base;
      } catch (error) {
        if (error instanceof AppError && error.failure.code === 'image-missing') return undefined;
        throw error;
      }
    },
  };
}

/** A base image, and what there is to say about how it was chosen. */
export interface ChosenBase {
  readonly image: StoredImage;
  readonly note?: string;
  /** How long it took to bring it into the store, in ms. */
  readonly provideMs: number;
}

export interface BaseChoice extends WantedBase {
  readonly reference: string;
}

/**
 * Finds the base image that FROM names. Of an index it takes the platform's `os.version`, else what fits this host
 * best, else the newest. Fails with `base-missing`, `base-unusable` or `platform-missing`.
 */
export async function chooseBase(
  { reference, ...wanted }: BaseChoice,
  source: BaseImageSource,
  blobs: BlobReader,
  signal?: AbortSignal,
): Promise<ChosenBase> {
  const { platform, host } = wanted;
  const start = performance.now();
  const descriptor = await source.provide(reference, wanted, signal);
  const provideMs = Math.round(performance.now() - start);
  if (!descriptor) throw new AppError({ code: 'base-missing', reference });
  const offered = await listImages(blobs, descriptor, signal);
  checkWindows(reference, offered);
  let note: string | undefined;
  const image = await selectImage(
    blobs,
    descriptor,
    {
      platform,
      choose(matching) {
        const chosen = bestForHost(matching, host);
        if (matching.length > 1) note = noteOf(reference, chosen, matching, host);
        return chosen;
      },
    },
    signal,
  );
  return { image, provideMs, ...(note === undefined ? {} : { note }) };
}

function checkWindows(reference: string, offered: readonly ImageCandidate[]): void {
  if (offered.some(({ platform }) => platform.os === 'windows')) return;
  const platforms = offered.map(({ platform }) => formatPlatform(platform)).join(', ');
  const problem =
    platforms === '' ? 'it holds no image.' : `it is for ${platforms}, not for Windows.`;
  throw new AppError({ code: 'base-unusable', reference, problem });
}

function noteOf(
  reference: string,
  chosen: ImageCandidate,
  matching: readonly ImageCandidate[],
  host: Host,
): string {
  const why = host.kind === 'windows' ? 'it fits this host best' : 'it is the newest';
  const all = matching.map(({ platform }) => platform['os.version'] ?? 'no os.version').join(', ');
  return `${reference} offers ${all}; took ${chosen.platform['os.version'] ?? 'the one without os.version'}, because ${why}. Choose with --platform=windows(<os.version>)/${chosen.platform.architecture}.`;
}
