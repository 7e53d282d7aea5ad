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

/** Records by path, as they were read; a record is only made when it is asked for. */
export interface StatTable {
  readonly size: number;
  get(path: string): StatRecord | undefined;
  paths(): Iterable<string>;
}

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
  return {
    size: count,
    paths: () => places.keys(),
    get(path) {
      const at = places.get(path);
      if (at === undefined) return undefined;
      const number = (which: number) => numbers[at * numbersEach + which] ?? Number.NaN;
      const hashAt = hashesAt + at * hexDigits;
      return {
        size: number(0),
        modifiedMs: number(1),
        changedMs: number(2),
        inode: number(3),
        recordedMs: number(4),
        sha256: file.toString('latin1', hashAt, hashAt + hexDigits),
      };
    },
  };
}
