import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { sha256Digest, type Digest } from '../../../shared/oci/digest.ts';
import type { Ingest } from './blob-store.ts';
import { throwIfCancelled } from './cancel.ts';
import { fileFailure, withFailure } from './file-system.ts';
import { PieceWriter } from './piece-writer.ts';
import { checkContent } from './verified.ts';

const readSize = 1024 * 1024;

interface Content {
  readonly digest: Digest;
  readonly size: number;
}

/** Puts a complete, durable file in its final place under its digest. */
export type Publish = (path: string, content: Content) => Promise<void>;

/** Opens a file aside for a blob whose digest is not known yet. */
export async function fileIngest(path: string, publish: Publish): Promise<FileIngest> {
  const handle = await withFailure('create', path, () => open(path, 'wx', 0o644));
  return new FileIngest(path, handle, { publish, start: { hash: createHash('sha256'), size: 0 } });
}

/** What a file holds already: its size in bytes, and a sha256 that has taken all of it in. */
interface Start {
  readonly hash: Hash;
  readonly size: number;
}

/**
 * Goes on with a file that holds the start of a blob, or begins it. What it holds is hashed anew: nobody knows what
 * became of the file since it was written. `onHashed` is told how many bytes are hashed.
 */
export async function resumeIngest(
  path: string,
  publish: Publish,
  onHashed: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<FileIngest> {
  const flags = constants.O_RDWR | constants.O_CREAT;
  const handle = await withFailure('open', path, () => open(path, flags, 0o644));
  try {
    return new FileIngest(path, handle, { publish, start: await hashed(handle, onHashed, signal) });
  } catch (error) {
    await handle.close();
    throw fileFailure(error, 'read', path);
  }
}

async function hashed(
  handle: FileHandle,
  onHashed: (bytes: number) => void,
  signal?: AbortSignal,
): Promise<Start> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(readSize);
  for (let size = 0; ;) {
    throwIfCancelled(signal);
    const { bytesRead } = await handle.read(buffer, 0, readSize, size);
    if (bytesRead === 0) return { hash, size };
    hash.update(buffer.subarray(0, bytesRead));
    size += bytesRead;
    onHashed(size);
  }
}

/** Hashes what comes while what came before is on its way to the disk. */
export class FileIngest implements Ingest {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #publish: Publish;
  readonly #hash: Hash;
  readonly #pieces: PieceWriter;
  #size: number;
  #done = false;

  constructor(
    path: string,
    handle: FileHandle,
    { publish, start }: { readonly publish: Publish; readonly start: Start },
  ) {
    this.#path = path;
    this.#handle = handle;
    this.#publish = publish;
    this.#hash = start.hash;
    this.#size = start.size;
    this.#pieces = new PieceWriter(path, handle, start.size);
  }

  /** Bytes that are in the file. */
  get written(): number {
    return this.#pieces.written;
  }

  /** Bytes that were taken in. */
  get size(): number {
    return this.#size;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#hash.update(chunk);
    this.#size += chunk.byteLength;
    await this.#pieces.write(chunk);
  }

  commit(): Promise<Content> {
    return this.#commit(undefined);
  }

  /** Like `commit`, but throws blob-mismatch and stores nothing unless the content is what `blob` describes. */
  commitAs(blob: Descriptor): Promise<Content> {
    return this.#commit(blob);
  }

  async abort(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    await this.#pieces.flush().catch(() => undefined);
    await this.#handle.close();
    await rm(this.#path, { force: true });
  }

  /** Leaves the file as it is, with all that came, for `resumeIngest`. Harmless after `commit` and `abort`. */
  async suspend(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    // On a full disk the last piece is lost, which the next run notices by the size of the file.
    await this.#pieces.flush().catch(() => undefined);
    await this.#handle.close();
  }

  async #commit(expected: Descriptor | undefined): Promise<Content> {
    try {
      await this.#pieces.flush();
      const content = { digest: sha256Digest(this.#hash.digest('hex')), size: this.#size };
      if (expected !== undefined) checkContent(expected, content);
      // On Windows this would be the read-only attribute, over which no file can be renamed.
      if (process.platform !== 'win32') await this.#handle.chmod(0o444);
      await this.#handle.sync();
      await this.#handle.close();
      await this.#publish(this.#path, content);
      this.#done = true;
      return content;
    } catch (error) {
      await this.abort();
      throw fileFailure(error, 'write', this.#path);
    }
  }
}
