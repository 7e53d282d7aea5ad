import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { matchesPlatform } from '../../../shared/oci/platform.ts';
import { parseReference } from '../../../shared/oci/reference.ts';
import type { Store } from '../content/store.ts';
import type { BaseImageSource, WantedBase } from '../image/base-image-source.ts';
import { listPresentImages } from '../image/select-image.ts';
import type { Transfers } from './transfers.ts';

export interface PullingDeps {
  readonly store: Store;
  readonly transfers: Pick<Transfers, 'pull'>;
  readonly policy: BuildRequest['pull'];
  /** A registry that does not exist, whose images only `stored` can have. */
  readonly isLocal: (registry: string) => boolean;
}

/** Gives what `stored` has for the platform, and pulls the rest as `policy` says. */
export function pullingBaseImages(
  stored: BaseImageSource,
  { store, transfers, policy, isLocal }: PullingDeps,
): BaseImageSource {
  return {
    async provide(reference, wanted, signal) {
      const { registry } = parseReference(reference);
      if (policy === 'never' || isLocal(registry)) {
        return await stored.provide(reference, wanted, signal);
      }
      if (policy === 'missing') {
        const found = await stored.provide(reference, wanted, signal);
        if (found !== undefined && (await serves(store, found, wanted, signal))) return found;
      }
      const { descriptor } = await transfers.pull(reference, {
        choice: { kind: 'platform', platform: wanted.platform, host: wanted.host },
        ...(wanted.onPull === undefined ? {} : { onEvent: wanted.onPull }),
        ...(signal === undefined ? {} : { signal }),
      });
      return descriptor;
    },
  };
}

/** Of an index that was pulled for another platform, the wanted image may not be here. */
async function serves(
  store: Store,
  descriptor: Descriptor,
  { platform }: WantedBase,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const images = await listPresentImages(store.blobs, descriptor, signal);
  return images.some(image => matchesPlatform(image.platform, platform));
}
