import type { LayerEntry } from './entry.ts';

/** Kinds as the `kind` column counts them. */
export const entryKinds = [
  'directory',
  'file',
  'hard-link',
  'symlink',
  'stream',
  'whiteout',
] as const satisfies readonly LayerEntry['kind'][];

/** No time of a file: 64-bit nanoseconds reach from 1677 to 2262. */
export const absentTime = -(2n ** 63n);

/**
 * The entries of a layer, column by column: 100,000 entries are a few large arrays instead of a million
 * small objects, and load from disk as they are.
 */
export interface IndexColumns {
  readonly kind: Uint8Array;
  readonly attributes: Uint32Array;
  readonly size: Float64Array;
  readonly contentOffset: Float64Array;
  readonly modified: BigInt64Array;
  readonly accessed: BigInt64Array;
  readonly changed: BigInt64Array;
  readonly created: BigInt64Array;
  /** Where each path ends in `paths`. */
  readonly pathEnd: Uint32Array;
  /** All paths one after the other, UTF-8. */
  readonly paths: Uint8Array;
  /** Position in `descriptors`, counted from 1; 0 for none. */
  readonly descriptor: Uint32Array;
  readonly descriptors: readonly Uint8Array[];
  /** First 16 bytes of the sha256 of each file's content, zero for what has none. */
  readonly contentHash: Uint8Array;
  /** Link targets and stream names by entry number. */
  readonly texts: ReadonlyMap<number, string>;
  /** Numbers of the symlinks that are mount points. */
  readonly mountPoints: ReadonlySet<number>;
  readonly extendedAttributes: ReadonlyMap<number, ReadonlyMap<string, Uint8Array>>;
}

/** Bytes of `contentHash` for one entry. */
export const contentHashLength = 16;
