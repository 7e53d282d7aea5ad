import type { OnTransferEvent } from '../../../shared/ipc/transfer-events.ts';
import type { Descriptor, Platform } from '../../../shared/oci/descriptor.ts';
import { matchesPlatform } from '../../../shared/oci/platform.ts';
import { parseReference } from '../../../shared/oci/reference.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';
import type { Store } from '../content/store.ts';
import { listImages } from '../image/select-image.ts';
import type { Transfers } from './transfers.ts';

/** Of a base image: which one of an index is wanted, and who is told of its download. */
export interface WantedBase {
  readonly platform: Platform;
  readonly host: Host;
  readonly onPull?: OnTransferEvent;
}

/** Gives base images; undefined where an image cannot be had. */
export interface BaseImages {
  provide(
    reference: string,
    wanted: WantedBase,
    signal?: AbortSignal,
  ): Promise<Descriptor | undefined>;
}

/** Whether base images are pulled: those the store lacks, all (the store's may be old), none. */
export type PullPolicy = 'missing' | 'always' | 'never';

export interface PullingDeps {
  readonly store: Store;
  readonly transfers: Pick<Transfers, 'pull'>;
  readonly policy: PullPolicy;
  /** A registry that does not exist, whose images only `stored` can have. */
  readonly isLocal: (registry: string) => boolean;
}

/** Gives what `stored` has for the platform, and pulls the rest as `policy` says. */
export function pullingBaseImages(
  stored: BaseImages,
  { store, transfers, policy, isLocal }: PullingDeps,
): BaseImages {
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
  const images = await listImages(store.blobs, descriptor, signal);
  return images.some(image => matchesPlatform(image.platform, platform));
}
