import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Digest } from '../../../shared/oci/digest.ts';
import { renameOver, withFailure } from '../content/file-system.ts';
import {
  columnNames,
  columnOver,
  type Column,
  type ColumnName,
  type IndexColumns,
} from './index-columns.ts';
import type { IndexData } from './layer-index.ts';

/**
 * The file of an index: magic, crc32 of all that follows, length of the directory, the directory (JSON), then the
 * columns, each aligned to eight bytes. Opening it reads it once and parses nothing but the directory.
 */
// Another number makes old files unreadable, and they are written anew.
const magic = Buffer.from('layerwright-index-2\n');
const crcAt = 20;
const lengthAt = 24;
const headerLength = 32;
const alignment = 8;

interface Directory {
  readonly diffId: Digest;
  readonly uncompressedSize: number;
  readonly columns: { readonly [N in ColumnName]: readonly [offset: number, length: number] };
}

type Layer = Pick<Directory, 'diffId' | 'uncompressedSize'>;

/** Puts columns into the form of the file. Numbers are in the byte order of the machine: the file never leaves it. */
export function encodeIndex({ diffId, uncompressedSize }: Layer, columns: IndexColumns): IndexData {
  const lengths = columnNames.map(name => columns[name].byteLength);
  const total = lengths.reduce((sum, length) => sum + aligned(length), 0);
  // The directory tells offsets from the end of itself, so that its own length does not matter.
  const places: Record<string, [number, number]> = {};
  let offset = 0;
  for (const [at, name] of columnNames.entries()) {
    places[name] = [offset, columns[name].length];
    offset += aligned(lengths[at] ?? 0);
  }
  const directory = Buffer.from(
    JSON.stringify({ diffId, uncompressedSize, columns: places }),
    'utf8',
  );
  const start = aligned(headerLength + directory.byteLength);
  const file = Buffer.from(new ArrayBuffer(start + total));
  magic.copy(file);
  file.writeUInt32LE(directory.byteLength, lengthAt);
  directory.copy(file, headerLength);
  let end = start;
  for (const [at, name] of columnNames.entries()) {
    const { buffer, byteOffset, byteLength } = columns[name];
    file.set(new Uint8Array(buffer, byteOffset, byteLength), end);
    end += aligned(lengths[at] ?? 0);
  }
  file.writeUInt32LE(crc32(file.subarray(lengthAt)), crcAt);
  return { file: file.buffer };
}

/** What a file says of its layer, and its columns; undefined unless it is a whole one of this version. */
export function decodeIndex({ file }: IndexData): (Layer & { columns: IndexColumns }) | undefined {
  const bytes = Buffer.from(file);
  if (bytes.byteLength < headerLength || !bytes.subarray(0, magic.byteLength).equals(magic))
    return undefined;
  if (crc32(bytes.subarray(lengthAt)) !== bytes.readUInt32LE(crcAt)) return undefined;
  const directoryEnd = headerLength + bytes.readUInt32LE(lengthAt);
  const { columns, ...layer } = JSON.parse(
    bytes.toString('utf8', headerLength, directoryEnd),
  ) as Directory;
  const start = aligned(directoryEnd);
  const found: Partial<Record<ColumnName, Column>> = {};
  for (const name of columnNames) {
    const [offset, length] = columns[name];
    found[name] = columnOver(name, file, start + offset, length);
  }
  // Every name of the list has been set, each with the type of its column.
  return { ...layer, columns: found as IndexColumns };
}

function aligned(length: number): number {
  return Math.ceil(length / alignment) * alignment;
}

/** Writes an index aside and renames it into place. Fails with `file-system` or `disk-full`. */
export async function writeIndexFile(path: string, { file }: IndexData): Promise<void> {
  const aside = `${path}.${randomUUID()}.new`;
  await withFailure('write', path, async () => {
    await mkdir(dirname(path), { recursive: true });
    try {
      const handle = await open(aside, 'wx');
      try {
        await handle.writeFile(new Uint8Array(file));
      } finally {
        await handle.close();
      }
      await renameOver(aside, path);
    } finally {
      await rm(aside, { force: true });
    }
  });
}

/** Reads a file into memory of its own; undefined if there is none. What it holds is checked by `decodeIndex`. */
export async function readIndexFile(path: string): Promise<IndexData | undefined> {
  // The file is a cache: whatever keeps us from reading it, the layer itself can be read again.
  const handle = await open(path, 'r').catch(() => undefined);
  if (!handle) return undefined;
  try {
    const { size } = await handle.stat();
    const bytes = new Uint8Array(new ArrayBuffer(size));
    for (let done = 0; done < size;) {
      const { bytesRead } = await handle.read(bytes, done, size - done, done);
      if (bytesRead === 0) return undefined;
      done += bytesRead;
    }
    return { file: bytes.buffer };
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
