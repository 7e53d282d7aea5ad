import { createHash } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import { digestHex, type Digest } from '../../../shared/oci/digest.ts';
import type { BlobReader } from '../content/blob-store.ts';
import type { Bytes } from '../content/bytes.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import { withFailure } from '../content/file-system.ts';
import { contentHashLength } from './index-columns.ts';
import { decompress } from './decompress.ts';
import type { LayerRef } from './index-layer.ts';
import { layerFault } from './layer-fault.ts';
import type { LayerIndex } from './layer-index.ts';
import { openSeekableTar, unpackTar, type SeekableTar } from './seekable-tar.ts';

/** A layer as an image names it, and what is in it. */
export interface IndexedLayer {
  readonly ref: LayerRef;
  readonly index: LayerIndex;
}

/** A part of a content, in bytes; what lies beyond its end is left out. */
export interface ContentRange {
  readonly offset: number;
  readonly length: number;
}

/** Contents of layers, read from any place. */
export interface LayerContents extends AsyncDisposable {
  /**
   * The content of the file or stream `entryNumber`, all of it or a part; nothing for other kinds. The first time a
   * layer is asked for it is unpacked, once, into a cache; what is read meanwhile comes as soon as it is there.
   * Whole contents are checked against the index. Fails with `blob-missing`, `layer-malformed` or `cancelled`.
   */
  open(layer: IndexedLayer, entryNumber: number, range?: ContentRange, signal?: AbortSignal): Bytes;
}

/** Where the contents come from and where they may be kept. */
export interface LayerContentsOptions {
  readonly blobs: BlobReader;
  /** Holds `layer-cache`, a folder that can be deleted at any time. */
  readonly storeDir: string;
  /** A free path on the same file system. */
  readonly newScratchPath: () => Promise<string>;
  /** Bytes that the cache may take; beyond it what was used least recently goes. */
  readonly maxCacheBytes?: number;
}

const defaultMaxCacheBytes = 8 * 1024 ** 3;

/** Contents of the layers of `options.blobs`. Dispose it to stop what is still being unpacked. */
export function createLayerContents(options: LayerContentsOptions): LayerContents {
  const tars = createTars(options);
  return {
    async *open({ ref, index }, entryNumber, range, signal) {
      const size = index.sizeAt(entryNumber);
      const offset = Math.min(range?.offset ?? 0, size);
      const length = Math.min(range?.length ?? size, size - offset);
      if (length === 0) return;
      const start = index.contentOffsetAt(entryNumber) + offset;
      const tar = droppingDamaged(await tars.get(ref, signal), () => tars.drop(ref));
      const bytes = bytesOf(tar, { start, length, ref }, signal);
      if (length < size) return yield* bytes;
      yield* checked(bytes, index.contentHashAt(entryNumber), () =>
        layerFault(ref.descriptor.digest)(
          'its content is not the one that was indexed',
          start,
          index.pathAt(entryNumber),
        ),
      );
    },
    [Symbol.asyncDispose]: () => tars.close(),
  };
}

function droppingDamaged(tar: SeekableTar, drop: () => void): Pick<SeekableTar, 'read'> {
  return {
    async read(...part) {
      try {
        return await tar.read(...part);
      } catch (error) {
        if (error instanceof AppError && error.failure.code === 'file-system') drop();
        throw error;
      }
    },
  };
}

async function* bytesOf(
  tar: Pick<SeekableTar, 'read'>,
  {
    start,
    length,
    ref,
  }: { readonly start: number; readonly length: number; readonly ref: LayerRef },
  signal: AbortSignal | undefined,
): Bytes {
  for (let done = 0; done < length;) {
    throwIfCancelled(signal);
    const chunk = await tar.read(start + done, length - done, signal);
    if (chunk.byteLength === 0) {
      throw layerFault(ref.descriptor.digest)('it ends before its content', start + done);
    }
    done += chunk.byteLength;
    yield chunk;
  }
}

async function* checked(bytes: Bytes, expected: Uint8Array, fault: () => Error): Bytes {
  const hash = createHash('sha256');
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  if (!hash.digest().subarray(0, contentHashLength).equals(expected)) throw fault();
}

interface OpenTar {
  readonly tar: Promise<SeekableTar>;
  /** Settles when nothing writes to it any more. */
  readonly done: Promise<unknown>;
}

/** Unpacked layers, each opened or made once; their files stay open until the end. */
function createTars(options: LayerContentsOptions) {
  const folder = join(options.storeDir, 'layer-cache');
  const open = new Map<Digest, OpenTar>();
  const dropped: OpenTar[] = [];
  const closing = new AbortController();

  function start(ref: LayerRef): OpenTar {
    const made = openOrUnpack(ref);
    const entry = { tar: made.then(({ tar }) => tar), done: made.then(({ done }) => done) };
    // Who reads is told; a failed one is tried again by the next reader.
    entry.done.catch(() => open.get(ref.diffId) === entry && open.delete(ref.diffId));
    entry.tar.catch(() => undefined);
    return entry;
  }
  async function openOrUnpack(ref: LayerRef) {
    const path = join(folder, digestHex(ref.diffId));
    const found = await openSeekableTar(path);
    if (found) {
      const now = new Date();
      await utimes(path, now, now).catch(() => undefined);
      return { tar: found, done: Promise.resolve() };
    }
    await withFailure('create', folder, () => mkdir(folder, { recursive: true }));
    const { descriptor } = ref;
    const blob = options.blobs.read(descriptor, closing.signal);
    const tar = decompress(blob, descriptor.mediaType, descriptor.digest);
    const aside = await options.newScratchPath();
    const unpacking = await unpackTar(tar, { aside, path }, closing.signal);
    const done = unpacking.done.then(() =>
      prune(folder, options.maxCacheBytes ?? defaultMaxCacheBytes),
    );
    return { tar: unpacking.tar, done };
  }
  return {
    async get(ref: LayerRef, signal: AbortSignal | undefined): Promise<SeekableTar> {
      throwIfCancelled(signal);
      const entry = open.get(ref.diffId) ?? start(ref);
      open.set(ref.diffId, entry);
      return await entry.tar;
    },
    /** The next reader opens or unpacks it anew; others may still be reading from it. */
    drop(ref: LayerRef): void {
      const entry = open.get(ref.diffId);
      if (entry) dropped.push(entry);
      open.delete(ref.diffId);
    },
    async close(): Promise<void> {
      closing.abort();
      await Promise.all([...open.values(), ...dropped].map(closeTar));
      open.clear();
    },
  };
}

async function closeTar({ tar, done }: OpenTar): Promise<void> {
  await Promise.allSettled([done]);
  const opened = await tar.catch(() => undefined);
  await opened?.[Symbol.asyncDispose]();
}

/** Deletes the files that were used least recently until all together take no more than `maxBytes`. */
async function prune(folder: string, maxBytes: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const files = await Promise.all(
    names.map(async name => {
      const path = join(folder, name);
      const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }));
      return { path, size, mtimeMs };
    }),
  );
  files.sort((a, b) => b.mtimeMs - a.mtimeMs);
  let total = 0;
  for (const { path, size } of files) {
    total += size;
    if (total > maxBytes) await rm(path, { force: true }).catch(() => undefined);
  }
}
