import { createReadStream } from 'node:fs';
import { open, readdir, rm, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { digestHex, isDigest, type Digest } from '../../../shared/oci/digest.ts';
import type { BlobStore } from './blob-store.ts';
import type { Bytes } from './bytes.ts';
import { cancellable, throwIfCancelled } from './cancel.ts';
import { fileIngest, resumeIngest, type FileIngest, type Publish } from './file-ingest.ts';
import {
  errnoOf,
  fileFailure,
  renameOver,
  syncFolder,
  undefinedIfMissing,
  withFailure,
} from './file-system.ts';
import { verified } from './verified.ts';

const readSize = 1024 * 1024;

/** A blob whose bytes can be read in any order. */
export interface RandomAccessBlob extends AsyncDisposable {
  readonly size: number;
  /** Reads `length` bytes from `offset`, fewer only at the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** The blobs of an OCI image layout on disk (image-spec image-layout.md): `blobs/sha256/<hex>`. */
export class FileBlobStore implements BlobStore {
  readonly #blobsDir: string;
  readonly #newIngestFile: () => Promise<string>;

  /** `newIngestFile` gives a free path on the same file system as `blobsDir`, which is `<layout>/blobs/sha256`. */
  constructor(blobsDir: string, newIngestFile: () => Promise<string>) {
    this.#blobsDir = blobsDir;
    this.#newIngestFile = newIngestFile;
  }

  /** The file that holds or would hold a blob. */
  path(digest: Digest): string {
    return join(this.#blobsDir, digestHex(digest));
  }

  /** A file of another size is not the blob: it is written anew by `write`. */
  async has(blob: Descriptor, signal?: AbortSignal): Promise<boolean> {
    throwIfCancelled(signal);
    const path = this.path(blob.digest);
    const found = await withFailure('look at', path, () => stat(path).catch(undefinedIfMissing));
    return found !== undefined && found.isFile() && found.size === blob.size;
  }

  /** Throws blob-missing or blob-mismatch. A damaged file is removed, so that the blob can be fetched again. */
  async *read(blob: Descriptor, signal?: AbortSignal): Bytes {
    const path = this.path(blob.digest);
    try {
      yield* readBlobFile(path, blob, signal);
    } catch (error) {
      const failure = error instanceof AppError ? error.failure : undefined;
      // Of the right size, yet with another digest: the disk's fault, not a lying descriptor's.
      const damaged = failure?.code === 'blob-mismatch' && failure.actualSize === blob.size;
      if (damaged) await rm(path, { force: true });
      throw error;
    }
  }

  /**
   * Opens a blob for reading in any order, without verifying what is read: only for blobs that this store verified
   * when it wrote them, where the reader has checks of its own. Throws blob-missing.
   */
  async openTrusted(blob: Descriptor): Promise<RandomAccessBlob> {
    const path = this.path(blob.digest);
    const handle = await open(path).catch((error: unknown) => {
      throw asBlobFailure(error, blob, path);
    });
    return {
      size: blob.size,
      async read(offset, length) {
        const buffer = new Uint8Array(Math.max(0, Math.min(length, blob.size - offset)));
        let done = 0;
        while (done < buffer.byteLength) {
          const left = buffer.byteLength - done;
          const { bytesRead } = await withFailure('read', path, () =>
            handle.read(buffer, done, left, offset + done),
          );
          if (bytesRead === 0) break;
          done += bytesRead;
        }
        return buffer.subarray(0, done);
      },
      [Symbol.asyncDispose]: () => handle.close(),
    };
  }

  async write(blob: Descriptor, content: Bytes, signal?: AbortSignal): Promise<void> {
    if (await this.has(blob, signal)) return discard(content);
    const ingest = await this.ingest();
    try {
      let size = 0;
      for await (const chunk of cancellable(content, signal)) {
        await ingest.write(chunk);
        size += chunk.byteLength;
        // More than promised: no need to take the rest.
        if (size > blob.size) break;
      }
      throwIfCancelled(signal);
      await ingest.commitAs(blob);
    } finally {
      await ingest.abort();
    }
  }

  async ingest(): Promise<FileIngest> {
    return fileIngest(await this.#newIngestFile(), (path, { digest }) =>
      this.#publish(path, digest),
    );
  }

  /**
   * Goes on with the file at `path`, on the same file system, which may hold the start of a blob. `onHashed` is told
   * how many bytes of it are hashed.
   */
  resume(
    path: string,
    onHashed: (bytes: number) => void,
    signal?: AbortSignal,
  ): Promise<FileIngest> {
    const publish: Publish = (from, { digest }) => this.#publish(from, digest);
    return resumeIngest(path, publish, onHashed, signal);
  }

  /** Every blob on disk with its size in bytes, in no order. */
  async *list(): AsyncGenerator<{ readonly digest: Digest; readonly size: number }> {
    const names = await withFailure('list', this.#blobsDir, () => readdir(this.#blobsDir));
    for (const name of names) {
      const digest = `sha256:${name}`;
      if (!isDigest(digest)) continue;
      const found = await stat(this.path(digest)).catch(undefinedIfMissing);
      if (found !== undefined) yield { digest, size: found.size };
    }
  }

  /** When a blob was written or last `markUsed`, in ms since 1970; 0 where it is not here. */
  async usedAt(digest: Digest): Promise<number> {
    return (await stat(this.path(digest)).catch(undefinedIfMissing))?.mtimeMs ?? 0;
  }

  /** Dates a blob anew, such as the manifest of a base that is built upon: for collections by age. Never fails. */
  async markUsed(digest: Digest): Promise<void> {
    const now = new Date();
    await utimes(this.path(digest), now, now).catch(() => undefined);
  }

  /** Removes a blob; only garbage collection may. One that is gone already is fine. */
  async delete(digest: Digest): Promise<void> {
    const path = this.path(digest);
    await withFailure('remove', path, () => unlink(path).catch(undefinedIfMissing));
  }

  // Always over what is there: so a blob that was damaged on disk is whole again.
  async #publish(path: string, digest: Digest): Promise<void> {
    await renameOver(path, this.path(digest));
    await syncFolder(this.#blobsDir);
  }
}

/** Reads a blob from a file, verified. Throws blob-missing, blob-mismatch or file-system. */
export async function* readBlobFile(path: string, blob: Descriptor, signal?: AbortSignal): Bytes {
  try {
    yield* verified(blob, readFile(path, blob.size, signal));
  } catch (error) {
    throw asBlobFailure(error, blob, path);
  }
}

/** In large chunks, but none larger than the file should be: most blobs are documents of a few kB. */
async function* readFile(path: string, size: number, signal: AbortSignal | undefined): Bytes {
  throwIfCancelled(signal);
  const stream = createReadStream(path, {
    highWaterMark: Math.min(readSize, size + 1),
    ...(signal === undefined ? {} : { signal }),
  });
  for await (const chunk of stream) yield chunk as Uint8Array;
}

function asBlobFailure(error: unknown, blob: Descriptor, path: string): unknown {
  if (errnoOf(error) === 'ENOENT') {
    return new AppError({ code: 'blob-missing', digest: blob.digest }, { cause: error });
  }
  return fileFailure(error, 'read', path);
}

/** Lets go of a stream that is not needed, such as the body of an HTTP answer. */
async function discard(content: Bytes): Promise<void> {
  await content[Symbol.asyncIterator]().return?.();
}
