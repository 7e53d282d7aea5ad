import type { Digest } from '../oci/digest.ts';

/** Where a blob stands. `verifying` is also what hashing the kept part of an earlier download is called. */
export type BlobState = 'waiting' | 'downloading' | 'uploading' | 'verifying' | 'indexing' | 'done';

/** How a blob that is `done` came to be where it belongs. `skipped` are foreign layers that policy leaves out. */
export type BlobOutcome =
  | 'present'
  | 'downloaded'
  | 'downloaded-from-url'
  | 'uploaded'
  | 'mounted'
  | 'skipped';

/** One blob of a transfer; sizes are in bytes. */
export interface BlobProgress {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly state: BlobState;
  readonly current: number;
  readonly total: number;
  /** Where a download went on that was cut off in an earlier run: so many bytes were not fetched again. */
  readonly resumedFrom?: number;
  /** Set where the state is `done`. */
  readonly outcome?: BlobOutcome;
}

/** An image that an index offers, and what was thought of it. */
export interface ConsideredImage {
  readonly digest: Digest;
  /** As `parsePlatform` reads it: `windows(10.0.20348.2700)/amd64`. */
  readonly platform: string;
  readonly chosen: boolean;
  readonly reason: string;
}

/** What is told while an image is pulled or pushed, or a bundle is filled. */
export type TransferEvent =
  | { readonly kind: 'resolving'; readonly reference: string }
  /** The name is resolved: from here on all is fetched by digest, wherever the tag moves. */
  | {
      readonly kind: 'resolved';
      readonly reference: string;
      readonly digest: Digest;
      readonly considered: readonly ConsideredImage[];
    }
  /** Everything that belongs to the transfer, before its first byte is moved. */
  | { readonly kind: 'planned'; readonly blobs: readonly BlobProgress[] }
  | ({ readonly kind: 'blob' } & BlobProgress)
  /** Something worth a line: a cut that is tried again, another process that is waited for. */
  | { readonly kind: 'note'; readonly text: string };

export type OnTransferEvent = (event: TransferEvent) => void;
