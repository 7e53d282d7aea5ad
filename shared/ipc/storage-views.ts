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

/** `unused`: nothing needs it, now or after the rest of the list is gone. */
export type GarbageReason = 'unused' | 'age' | 'count' | 'size';

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

/** `running`: of a build that runs; `unsaved`: text that was never saved; `recent`: cut off less than a week ago. */
export type KeptReason = 'running' | 'unsaved' | 'recent' | 'in-use';

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
