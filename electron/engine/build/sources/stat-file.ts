import { crc32 } from 'node:zlib';

/** What is known of one file: its stat, when reading it began in ms since 1970, and its SHA-256 in hex. */
export interface StatRecord {
  readonly size: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly inode: number;
  readonly recordedMs: number;
  readonly sha256: string;
}

/** Records as they were read, by path. */
export interface StatTable {
  readonly size: number;
  /**
   * The SHA-256 of the file at `path` in hex, where `isTrusted` says that its record counts; such a record is marked as
   * used. No object is made for it.
   */
  hash(path: string, isTrusted: (numbers: Float64Array, at: number) => boolean): string | undefined;
  records(which: 'used' | 'all'): Iterable<readonly [path: string, StatRecord]>;
}

/** Where the numbers of a record stand, from its first one on. */
export const columns = { size: 0, modifiedMs: 1, changedMs: 2, inode: 3, recordedMs: 4 } as const;

/** "LWSTAT" and the version of the format. */
const magic = Buffer.from('LWSTAT\0\u0003', 'latin1');
const headerBytes = 24;
const numbersEach = 5;
const hexDigits = 64;

/**
 * The file of records: a header (magic, count, bytes of the paths, CRC-32 of the rest), the numbers of all records as
 * doubles, their hashes in hex, and their paths with NUL between. It is read at the start of every build, so nothing in
 * it has to be parsed but the paths.
 */
export function encodeStats(records: ReadonlyMap<string, StatRecord>): Buffer {
  const paths = Buffer.from([...records.keys()].join('\0'));
  const numbers = new Float64Array(records.size * numbersEach);
  const hashes = Buffer.alloc(records.size * hexDigits);
  let at = 0;
  for (const { size, modifiedMs, changedMs, inode, recordedMs, sha256 } of records.values()) {
    numbers.set([size, modifiedMs, changedMs, inode, recordedMs], at * numbersEach);
    hashes.write(sha256, at * hexDigits, 'latin1');
    at++;
  }
  const body = Buffer.concat([Buffer.from(numbers.buffer), hashes, paths]);
  const header = Buffer.alloc(headerBytes);
  magic.copy(header);
  header.writeUInt32LE(records.size, 8);
  header.writeUInt32LE(paths.length, 12);
  header.writeUInt32LE(crc32(body), 16);
  return Buffer.concat([header, body]);
}

/** Undefined for a file that is damaged, cut off or of another version. */
export function decodeStats(file: Buffer): StatTable | undefined {
  if (file.length < headerBytes || !file.subarray(0, magic.length).equals(magic)) return undefined;
  const count = file.readUInt32LE(8);
  const hashesAt = headerBytes + count * numbersEach * Float64Array.BYTES_PER_ELEMENT;
  const pathsAt = hashesAt + count * hexDigits;
  if (file.length !== pathsAt + file.readUInt32LE(12)) return undefined;
  if (crc32(file.subarray(headerBytes)) !== file.readUInt32LE(16)) return undefined;
  const places = new Map<string, number>();
  const paths = count === 0 ? [] : file.toString('utf8', pathsAt).split('\0');
  for (const [at, path] of paths.entries()) places.set(path, at);
  if (places.size !== count) return undefined;
  // A copy, because doubles must lie at multiples of eight bytes.
  const numbers = new Float64Array(new Uint8Array(file.subarray(headerBytes, hashesAt)).buffer);
  const used = new Uint8Array(count);
  const hashAt = (at: number) => {
    const start = hashesAt + at * hexDigits;
    return file.toString('latin1', start, start + hexDigits);
  };
  const recordAt = (at: number): StatRecord => {
    const [size = 0, modifiedMs = 0, changedMs = 0, inode = 0, recordedMs = 0] = numbers.subarray(
      at * numbersEach,
      (at + 1) * numbersEach,
    );
    return { size, modifiedMs, changedMs, inode, recordedMs, sha256: hashAt(at) };
  };
  return {
    size: count,
    hash(path, isTrusted) {
      const at = places.get(path);
      if (at === undefined || !isTrusted(numbers, at * numbersEach)) return undefined;
      used[at] = 1;
      return hashAt(at);
    },
    *records(which) {
      for (const [path, at] of places)
        if (which === 'all' || used[at] === 1) yield [path, recordAt(at)];
    },
  };
}
