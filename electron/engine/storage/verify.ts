import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
import type { StoreFault, VerifyReport } from '../../../shared/ipc/storage-views.ts';
import { sha256Digest, type Digest } from '../../../shared/oci/digest.ts';
import { shownReference } from '../../../shared/oci/reference.ts';
import { cancellable, throwIfCancelled } from '../content/cancel.ts';
import { errnoOf, fileFailure } from '../content/file-system.ts';
import { nameOf } from '../content/image-names.ts';
import { readIndexFile } from '../content/layout.ts';
import type { Store } from '../content/store.ts';
import { decompress } from '../layer/decompress.ts';
import { checkFiles } from './check-files.ts';
import { problemOf } from './problem-of.ts';
import { readOnce } from './read-once.ts';
import { walkGraph, type Graph, type Root } from './walk-graph.ts';

const readSize = 1024 * 1024;

export interface VerifyOptions {
  /** Unpacks every layer as well, and compares what comes out with the diff ID that the image states. */
  readonly deep?: boolean;
  /** In bytes of blobs, packed. */
  readonly onProgress?: (progress: { readonly current: number; readonly total: number }) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A verification with what a repair has to know. */
export interface Verified {
  readonly report: VerifyReport;
  readonly graph: Graph;
  readonly roots: readonly Root[];
  /** Blobs on disk that are what their name says, with their size in bytes. */
  readonly sound: ReadonlyMap<Digest, number>;
  readonly damaged: ReadonlyMap<Digest, number>;
}

/**
 * Reads every blob of the store again and checks all that can be checked; changes nothing. Others may go on with their
 * work meanwhile; only collections of garbage wait. Throws store-damaged where `index.json` cannot be read, and
 * cancelled.
 */
export async function verifyStore(store: Store, options: VerifyOptions = {}): Promise<Verified> {
  const { signal } = options;
  using _ = await store.lock.shared(signal);
  const hashed = await hashBlobs(store, options);
  const { manifests } = await readIndexFile(store.dir);
  const roots = manifests.map(entry => {
    const reference = nameOf(entry);
    const name = reference === undefined ? entry.digest : shownReference(reference);
    return { descriptor: entry, name };
  });
  const graph = await readGraph(store, roots, hashed, signal);
  const faults = [
    ...blobFaults(graph, hashed),
    ...(options.deep === true ? await layerFaults(store, graph, hashed, signal) : []),
    ...(await checkFiles(store.dir, signal)),
  ];
  const checkedBytes = [...hashed.sound.values(), ...hashed.damaged.values()].reduce(
    (sum, size) => sum + size,
    0,
  );
  return {
    report: {
      checkedBlobs: hashed.sound.size + hashed.damaged.size,
      checkedBytes,
      images: roots.length,
      faults,
    },
    graph,
    roots,
    ...hashed,
  };
}

/** Follows the names of the store anew, with what is known of its blobs. */
export async function readGraph(
  store: Store,
  roots: readonly Root[],
  { damaged, sound }: Pick<Verified, 'damaged' | 'sound'>,
  signal?: AbortSignal,
): Promise<Graph> {
  const source = {
    blobs: readOnce(store.blobs),
    isSound: async ({ digest, size }: { digest: Digest; size: number }) =>
      sound.get(digest) === size,
    isHere: (digest: Digest) => sound.has(digest) || damaged.has(digest),
  };
  return await walkGraph(roots, source, signal);
}

/** The size of a blob in bytes, if its file holds what its name says. */
export async function sizeIfWhole(
  store: Store,
  digest: Digest,
  signal?: AbortSignal,
): Promise<number | undefined> {
  let size = 0;
  const count = (bytes: number): void => {
    size += bytes;
  };
  const file = { size: readSize, onChunk: count, signal };
  const actual = await digestOfFile(store.blobs.path(digest), file);
  return actual === digest ? size : undefined;
}

async function hashBlobs(
  store: Store,
  { onProgress, signal }: VerifyOptions,
): Promise<Pick<Verified, 'sound' | 'damaged'>> {
  const blobs: { readonly digest: Digest; readonly size: number }[] = [];
  for await (const blob of store.blobs.list()) blobs.push(blob);
  const total = blobs.reduce((sum, { size }) => sum + size, 0);
  const sound = new Map<Digest, number>();
  const damaged = new Map<Digest, number>();
  let current = 0;
  for (const { digest, size } of blobs) {
    throwIfCancelled(signal);
    const onChunk = (bytes: number): void => {
      current += bytes;
      onProgress?.({ current, total });
    };
    const actual = await digestOfFile(store.blobs.path(digest), { size, onChunk, signal });
    if (actual === digest) sound.set(digest, size);
    else if (actual !== undefined) damaged.set(digest, size);
  }
  return { sound, damaged };
}

interface HashedFile {
  /** What it should have, in bytes: chunks need not be larger. */
  readonly size: number;
  readonly onChunk: (bytes: number) => void;
  readonly signal: AbortSignal | undefined;
}

/** Undefined where the file is gone by now. One that cannot be read is as good as damaged: its digest is none. */
async function digestOfFile(
  path: string,
  { size, onChunk, signal }: HashedFile,
): Promise<Digest | 'unreadable' | undefined> {
  const hash = createHash('sha256');
  try {
    const highWaterMark = Math.min(readSize, size + 1);
    const options = { highWaterMark, ...(signal === undefined ? {} : { signal }) };
    for await (const chunk of createReadStream(path, options)) {
      hash.update(chunk as Uint8Array);
      onChunk((chunk as Uint8Array).byteLength);
    }
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    if (errnoOf(error) === 'EIO') return 'unreadable';
    throw fileFailure(error, 'read', path);
  }
  return sha256Digest(hash.digest('hex'));
}

function blobFaults(
  { invalid, needed }: Graph,
  { damaged, sound }: Pick<Verified, 'damaged' | 'sound'>,
): readonly StoreFault[] {
  const usersOf = (digest: Digest) => [...(needed.get(digest)?.neededBy ?? [])];
  const faults: StoreFault[] = [];
  for (const [digest, size] of damaged) {
    faults.push({ kind: 'blob-damaged', digest, size, neededBy: usersOf(digest) });
  }
  for (const [digest, { descriptor }] of needed) {
    const { size } = descriptor;
    const found = sound.get(digest);
    const neededBy = usersOf(digest);
    if (found === size || damaged.has(digest)) continue;
    if (found === undefined) faults.push({ kind: 'blob-missing', digest, size, neededBy });
    else {
      // The blob is what its digest says, so it is the document that points to it which is wrong.
      const problem = `has ${found} bytes, but the image says ${size}`;
      faults.push({ kind: 'document-invalid', digest, problem, neededBy });
    }
  }
  for (const [digest, problem] of invalid) {
    faults.push({ kind: 'document-invalid', digest, problem, neededBy: usersOf(digest) });
  }
  return faults;
}

async function layerFaults(
  store: Store,
  { layers, needed }: Graph,
  { sound }: Pick<Verified, 'sound'>,
  signal: AbortSignal | undefined,
): Promise<readonly StoreFault[]> {
  const faults: StoreFault[] = [];
  for (const { descriptor, diffId } of layers.values()) {
    const { digest, mediaType } = descriptor;
    if (!sound.has(digest)) continue;
    const hash = createHash('sha256');
    let problem: string | undefined;
    try {
      const packed = store.blobs.read(descriptor, signal);
      for await (const chunk of cancellable(decompress(packed, mediaType, digest), signal)) {
        hash.update(chunk);
      }
      const actual = sha256Digest(hash.digest('hex'));
      if (actual !== diffId) problem = `unpacks to ${actual}, but the image says ${diffId}`;
    } catch (error) {
      problem = problemOf(error);
    }
    if (problem === undefined) continue;
    const neededBy = [...(needed.get(digest)?.neededBy ?? [])];
    faults.push({ kind: 'layer-mismatch', digest, problem, neededBy });
  }
  return faults;
}
