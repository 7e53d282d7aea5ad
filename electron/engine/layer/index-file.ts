import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import type { Digest } from '../../../shared/oci/digest.ts';
import { renameOver, withFailure } from '../content/file-system.ts';
import type { IndexData } from './layer-index.ts';

// Another number makes old files unreadable, and they are written anew.
const magic = Buffer.from('layerwright-index-1\n');
const headerLength = magic.byteLength + 32;

/** Writes an index aside and renames it into place. Fails with `file-system` or `disk-full`. */
export async function writeIndexFile(path: string, data: IndexData): Promise<void> {
  const body = serialize(data);
  const checksum = createHash('sha256').update(body).digest();
  const aside = `${path}.${randomUUID()}.new`;
  await withFailure('write', path, async () => {
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeParts(await open(aside, 'wx'), [magic, checksum, body]);
      await renameOver(aside, path);
    } finally {
      await rm(aside, { force: true });
    }
  });
}

async function writeParts(file: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  try {
    for (const part of parts) await file.writeFile(part);
  } finally {
    await file.close();
  }
}

/** Reads the index of `diffId`; undefined if there is none, or one of another version, or a damaged one. */
export async function readIndexFile(path: string, diffId: Digest): Promise<IndexData | undefined> {
  // The file is a cache: whatever keeps us from reading it, the layer itself can be read again.
  const file = await readFile(path).catch(() => undefined);
  if (!file || !file.subarray(0, magic.byteLength).equals(magic)) return undefined;
  const body = file.subarray(headerLength);
  const checksum = createHash('sha256').update(body).digest();
  if (!file.subarray(magic.byteLength, headerLength).equals(checksum)) return undefined;
  const data = deserialized(body);
  return data?.diffId === diffId ? data : undefined;
}

// A newer Node writes a format of V8 that an older one cannot read.
function deserialized(body: Buffer): IndexData | undefined {
  try {
    return deserialize(body) as IndexData;
  } catch {
    return undefined;
  }
}
