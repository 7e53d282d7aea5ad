import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { sha256Digest, type Digest } from '../../../shared/oci/digest.ts';
import type { Ingest } from './blob-store.ts';
import { throwIfCancelled } from './cancel.ts';
import { fileFailure, withFailure } from './file-system.ts';
import { checkContent } from './verified.ts';

const chunkSize = 1024 * 1024;

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
  const buffer = new Uint8Array(chunkSize);
  for (let size = 0; ;) {
    throwIfCancelled(signal);
    const { bytesRead } = await handle.read(buffer, 0, chunkSize, size);
    if (bytesRead === 0) return { hash, size };
    hash.update(buffer.subarray(0, bytesRead));
    size += bytesRead;
    onHashed(size);
  }
}

/**
 * Writes in pieces of 1 MiB whatever the size of the chunks. While one piece is on its way to the disk it is hashed,
 * and the next one is filled; memory stays at two pieces.
 */
export class FileIngest implements Ingest {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #publish: Publish;
  readonly #hash: Hash;
  #filling = new Uint8Array(0);
  #spare = new Uint8Array(0);
  #filled = 0;
  #size: number;
  #writing: Promise<void> = Promise.resolve();
  #written: number;
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
    this.#written = start.size;
  }

  /** Bytes that are in the file. */
  get written(): number {
    return this.#written;
  }

  /** Bytes that were taken in. */
  get size(): number {
    return this.#size + this.#filled;
  }

  async write(chunk: Uint8Array): Promise<void> {
    let rest = chunk;
    while (rest.byteLength > 0) {
      if (this.#filling.byteLength === 0) this.#filling = new Uint8Array(chunkSize);
      const part = rest.subarray(0, chunkSize - this.#filled);
      this.#filling.set(part, this.#filled);
      this.#filled += part.byteLength;
      rest = rest.subarray(part.byteLength);
      if (this.#filled === chunkSize) await this.#flush();
    }
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
    await Promise.allSettled([this.#writing]);
    await this.#handle.close();
    await rm(this.#path, { force: true });
  }

  /** Leaves the file as it is, with all that came, for `resumeIngest`. Harmless after `commit` and `abort`. */
  async suspend(): Promise<void> {
    if (this.#done) return;
    this.#done = true;
    // On a full disk the last piece is lost, which the next run notices by the size of the file.
    await this.#flush().catch(() => undefined);
    await Promise.allSettled([this.#writing]);
    await this.#handle.close();
  }

  async #commit(expected: Descriptor | undefined): Promise<Content> {
    try {
      await this.#flush();
      await this.#writing;
      const content = { digest: sha256Digest(this.#hash.digest('hex')), size: this.#size };
      if (expected !== undefined) checkContent(expected, content);
      await this.#handle.chmod(0o444);
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

  async #flush(): Promise<void> {
    await this.#lastPiece();
    if (this.#filled === 0) return;
    const piece = this.#filling.subarray(0, this.#filled);
    this.#writing = this.#put(piece, this.#size);
    // An error is reported by the next call; until then it must not count as unhandled.
    this.#writing.catch(() => undefined);
    this.#hash.update(piece);
    this.#size += piece.byteLength;
    [this.#filling, this.#spare] = [this.#spare, this.#filling];
    this.#filled = 0;
  }

  async #lastPiece(): Promise<void> {
    try {
      await this.#writing;
    } catch (error) {
      throw fileFailure(error, 'write', this.#path);
    }
  }

  async #put(piece: Uint8Array, position: number): Promise<void> {
    let done = 0;
    while (done < piece.byteLength) {
      const length = piece.byteLength - done;
      const { bytesWritten } = await this.#handle.write(piece, done, length, position + done);
      done += bytesWritten;
      this.#written = position + done;
    }
  }
}
