import type { Digest } from '../oci/digest.ts';

/**
 * What takes room in a store. `loose` are blobs that nothing needs, `aside` what is being written and what dead
 * processes left, `windows` the unpacked layers and scratch disks of the hcs backend, `other` all that is small and
 * belongs to nobody: settings, sign-ins, the sample project.
 */
export const holdingKinds = [
  'images',
  'bases',
  'build-cache',
  'layer-cache',
  'layer-index',
  'downloads',
  'builds',
  'drafts',
  'windows',
  'loose',
  'aside',
  'other',
] as const;
export type HoldingKind = (typeof holdingKinds)[number];

/** The kinds that a policy may take something of; the others go when they are of no use, or never. */
export const policyKinds = [
  'images',
  'bases',
  'build-cache',
  'layer-cache',
  'layer-index',
  'downloads',
  'builds',
  'windows',
] as const satisfies readonly HoldingKind[];
export type PolicyKind = (typeof policyKinds)[number];

/** What may go besides that which is of no use. Without a limit nothing else goes. */
export interface GarbagePolicy {
  /** The whole store shall take at most so many bytes: what was not used for longest goes first. */
  readonly maxBytes?: number;
  /** What was not used for longer goes; in ms. */
  readonly olderThanMs?: number;
  /** The newest so many images of each repository and builds of each project stay; alone, all others go. */
  readonly keepLast?: number;
  /** Images with a name stay. */
  readonly keepTagged: boolean;
  readonly kinds: readonly PolicyKind[];
}

/** `unused`: nothing needs it, now or after the rest of the list is gone; `asked`: a person chose it. */
export type GarbageReason = 'unused' | 'age' | 'count' | 'size' | 'asked';

/** One thing that a collection removes; `bytes` is what that frees, blobs that nothing else needs included. */
export interface GarbageItem {
  readonly kind: HoldingKind;
  readonly holdingId: string;
  readonly title: string;
  readonly bytes: number;
  /** In ms since 1970. */
  readonly lastUsedAt?: number;
  readonly reason: GarbageReason;
}

/** What a collection removed or would remove, in the order in which it was chosen. Sizes are in bytes. */
export interface GarbageList {
  readonly items: readonly GarbageItem[];
  readonly freedBytes: number;
  readonly bytesBefore: number;
  /** Left over `maxBytes` although all that may go is gone. */
  readonly overBytes?: number;
}

/** One thing that takes room. Sizes are in bytes. */
export interface StorageItem {
  readonly kind: HoldingKind;
  readonly holdingId: string;
  readonly title: string;
  /** All that it needs, own files and blobs. */
  readonly bytes: number;
  /** Of that, what nothing else needs. */
  readonly uniqueBytes: number;
  readonly lastUsedAt?: number;
  /** Why no collection takes it, whatever its policy. */
  readonly kept?: KeptReason;
  /** A collection without any policy removes it. */
  readonly unused: boolean;
}

/** `running`: of a build that runs; `unsaved`: text that was never saved; `in-use`: its owner alone may remove it. */
export type KeptReason = 'running' | 'unsaved' | 'in-use';

/** What one kind takes. A blob counts for the first kind of `holdingKinds` that needs it, bases before images. */
export interface StorageKindView {
  readonly kind: HoldingKind;
  readonly count: number;
  readonly bytes: number;
  /** What a collection without any policy would free. */
  readonly reclaimableBytes: number;
}

/** Who holds what in the store. Sizes are in bytes. */
export interface StorageUsage {
  readonly storeDir: string;
  readonly totalBytes: number;
  readonly reclaimableBytes: number;
  /** Free on the disk of the store. */
  readonly freeBytes: number;
  readonly kinds: readonly StorageKindView[];
  /** The largest first. */
  readonly items: readonly StorageItem[];
  /** Manifests that cannot be understood: nothing is collected before they are repaired. */
  readonly damaged: readonly { readonly digest: Digest; readonly problem: string }[];
}

/** Something in the store that is not as it should be. `neededBy` are names of images, as people write them. */
export type StoreFault =
  /** The file of a blob holds something else, or only a part. */
  | {
      readonly kind: 'blob-damaged';
      readonly digest: Digest;
      readonly size: number;
      readonly neededBy: readonly string[];
    }
  | {
      readonly kind: 'blob-missing';
      readonly digest: Digest;
      readonly size: number;
      readonly neededBy: readonly string[];
    }
  /** A manifest, index or config that nobody can make sense of, or whose parts contradict each other. */
  | {
      readonly kind: 'document-invalid';
      readonly digest: Digest;
      readonly problem: string;
      readonly neededBy: readonly string[];
    }
  /** A layer that unpacks to something else than its image says; only looked for when asked to. */
  | {
      readonly kind: 'layer-mismatch';
      readonly digest: Digest;
      readonly problem: string;
      readonly neededBy: readonly string[];
    }
  /** A cache that can be made anew. */
  | { readonly kind: 'cache-damaged'; readonly path: string; readonly problem: string }
  | { readonly kind: 'history-damaged'; readonly path: string; readonly problem: string }
  /** A file among the blobs that is none. */
  | { readonly kind: 'stray-file'; readonly path: string };

/** What a verification found; sizes are in bytes. */
export interface VerifyReport {
  readonly checkedBlobs: number;
  readonly checkedBytes: number;
  readonly images: number;
  readonly faults: readonly StoreFault[];
}

/** One thing that a repair did. `name-dropped`: the image cannot be completed, and is no longer listed. */
export type RepairAction =
  | { readonly kind: 'fetched'; readonly digest: Digest; readonly from: string }
  | { readonly kind: 'blob-removed'; readonly digest: Digest }
  /** One image of an index is no longer here; the others are. */
  | { readonly kind: 'image-removed'; readonly digest: Digest; readonly of: string }
  | { readonly kind: 'name-dropped'; readonly reference: string; readonly digest: Digest }
  | { readonly kind: 'file-removed'; readonly path: string }
  | { readonly kind: 'file-set-aside'; readonly path: string; readonly to: string };

export interface RepairReport {
  readonly found: readonly StoreFault[];
  readonly actions: readonly RepairAction[];
  /** Blobs that no known place had, with what each place said. */
  readonly unfetched: readonly {
    readonly digest: Digest;
    readonly tried: readonly { readonly place: string; readonly problem: string }[];
  }[];
}
