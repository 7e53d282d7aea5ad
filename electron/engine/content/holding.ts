import type { HoldingKind, KeptReason } from '../../../shared/ipc/storage-views.ts';
import type { Digest } from '../../../shared/oci/digest.ts';

/** Something in the store that takes room and can be removed on its own: an image, a cache record, the log of a build. */
export interface Holding {
  readonly kind: HoldingKind;
  /** Unique within its kind, and the same whenever it is listed. */
  readonly holdingId: string;
  readonly title: string;
  /** What its own files take, in bytes; blobs are counted apart. */
  readonly bytes: number;
  /** Blobs that have to stay as long as it does. */
  readonly blobs?: readonly Digest[];
  /** Diff IDs of the layers in those blobs: what is derived from them stays, too. */
  readonly diffIds?: readonly Digest[];
  /** It is made from the layer with this diff ID, and of no use without it. */
  readonly derivedFrom?: Digest;
  /** In ms since 1970. */
  readonly lastUsedAt: number;
  /** Where "keep the last N" counts: a repository, a project. Absent where that makes no sense. */
  readonly group?: string;
  /** A person gave it a name. */
  readonly tagged?: boolean;
  /** It stays, whatever the policy says. */
  readonly kept?: KeptReason;
  /** Nobody can make use of it any more. */
  readonly unused?: boolean;
}

/** One part of the store that takes room. Others than this engine's own, such as a backend's, may add theirs. */
export interface HoldingProvider {
  /** Changes nothing. What is gone by the time it is looked at is left out. */
  list(signal?: AbortSignal): Promise<readonly Holding[]>;
  /**
   * Removes what `list` gave. The caller holds the exclusive lock of the store, and removes blobs itself. One that is
   * gone already, or in use again, is no failure.
   */
  remove(holdings: readonly Holding[], signal?: AbortSignal): Promise<void>;
}
