import { pathKey } from '../../../shared/windows/windows-path.ts';

// Names of the parts of a hive are those of Maxim Suhanov's "Windows registry file format specification".

/** The base block ends here; offsets of cells count from here. */
export const baseBlockSize = 4096;
export const binAlignment = 4096;
export const binHeaderSize = 32;
/** The size field in front of a cell's data. */
export const cellHeaderSize = 4;
/** An offset that points nowhere. */
export const noCell = 0xff_ff_ff_ff;
/** Longer data is cut into segments of this size (big data, format 1.4 and newer). */
export const segmentSize = 16_344;
/** Windows' limit of levels below the root of the registry. */
export const maxKeyDepth = 512;

/** Flags of a key node. */
export const keyFlags = { hiveEntry: 0x4, noDelete: 0x8, asciiName: 0x20 } as const;
/** Flags of a key value. */
export const valueFlags = { asciiName: 0x1, tombstone: 0x2 } as const;

/** What a key of a delta hive does to the same key of the hives below ("Layered keys" of the specification). */
export const layerSemantics = {
  merge: 0,
  tombstone: 1,
  supersedeLocal: 2,
  supersedeTree: 3,
} as const;

/** In the size field of a value: the data stands in the offset field itself. */
export const inlineData = 0x80_00_00_00;

/** XOR of the first 127 words; the two results that mean "none" are avoided. */
export function baseBlockChecksum(view: DataView): number {
  let sum = 0;
  for (let at = 0; at < 508; at += 4) sum ^= view.getUint32(at, true);
  const checksum = sum >>> 0;
  if (checksum === 0) return 1;
  return checksum === 0xff_ff_ff_ff ? 0xff_ff_ff_fe : checksum;
}

/** The hash of a key's name in a hash leaf: over its UTF-16 units in upper case. */
export function nameHash(name: string): number {
  const upper = upperName(name);
  let hash = 0;
  for (let index = 0; index < upper.length; index++) {
    hash = (Math.imul(hash, 37) + upper.charCodeAt(index)) >>> 0;
  }
  return hash;
}

/** Orders names of subkeys as Windows looks them up: by UTF-16 units in upper case. */
export function compareNames(one: string, other: string): number {
  const [mine, theirs] = [upperName(one), upperName(other)];
  if (mine === theirs) return 0;
  return mine < theirs ? -1 : 1;
}

/** Names of keys and values are compared without case; a key's name cannot contain `\`, which pathKey would change. */
export function upperName(name: string): string {
  return pathKey(name);
}

const unixEpochInFileTime = 116_444_736_000_000_000n;

/** FILETIME counts steps of 100 ns since 1601. `nanoseconds` count since 1970; earlier than 1601 is 1601. */
export function fileTimeOf(nanoseconds: bigint): bigint {
  const fileTime = nanoseconds / 100n + unixEpochInFileTime;
  return fileTime < 0n ? 0n : fileTime;
}

/** Nanoseconds since 1970-01-01T00:00:00Z; negative before. */
export function nanosecondsOf(fileTime: bigint): bigint {
  return (fileTime - unixEpochInFileTime) * 100n;
}
