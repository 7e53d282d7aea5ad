import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Bytes } from '../../../../electron/engine/content/bytes.ts';
import { openStore, type Store } from '../../../../electron/engine/content/store.ts';
import { digestOf } from '../../../../electron/engine/content/verified.ts';
import type { Failure } from '../../../../shared/failure.ts';
import { AppError } from '../../../../shared/failure.ts';
import type { Digest } from '../../../../shared/oci/digest.ts';
import type { Descriptor } from '../../../../shared/oci/descriptor.ts';

/** A folder that is gone after the test. */
export async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'layerwright-test-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A store that is closed and gone after the test. */
export async function newStore(dir?: string): Promise<Store> {
  const store = await openStore(dir ?? join(await newDir(), 'store'));
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

export function describeBytes(content: string | Uint8Array, mediaType = 'text/plain'): Descriptor {
  return { mediaType, digest: digestOf(content), size: Buffer.byteLength(content) };
}

/** Streams `content` in chunks of `chunkSize` bytes. */
export async function* bytesOf(content: string | Uint8Array, chunkSize = 1 << 20): Bytes {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.byteLength; at += chunkSize) {
    yield bytes.subarray(at, at + chunkSize);
  }
}

export async function collect(content: Bytes): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function textOf(content: Bytes): Promise<string> {
  return (await collect(content)).toString();
}

/** Every blob on disk. */
export async function listBlobs({ blobs }: Store): Promise<{ digest: Digest; size: number }[]> {
  const found = [];
  for await (const blob of blobs.list()) found.push(blob);
  return found;
}

/** The failure with which a promise is rejected. */
export async function failureFrom(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof AppError) return error.failure;
    throw error;
  }
  throw new Error('expected a failure');
}

/** Every file below a folder, sorted, without the lock files of SQLite. */
export async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile() && !/\.sqlite/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort();
}
