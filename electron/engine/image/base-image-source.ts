import type { OnTransferEvent } from '../../../shared/ipc/transfer-events.ts';
import type { Descriptor, Platform } from '../../../shared/oci/descriptor.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';

/** Which image of an index is wanted as a base, and who is told of its download. */
export interface WantedBase {
  readonly platform: Platform;
  readonly host: Host;
  readonly onPull?: OnTransferEvent;
}

/** Where base images come from. */
export interface BaseImageSource {
  /** Makes sure that the image is in the store, and gives its manifest or index; undefined where it cannot be had. */
  provide(
    reference: string,
    wanted: WantedBase,
    signal?: AbortSignal,
  ): Promise<Descriptor | undefined>;
}
