import type { FileHandle } from 'node:fs/promises';
import { fileFailure } from './file-system.ts';

const pieceSize = 256 * 1024;
/** Pieces that wait while others are on their way to the disk. */
const mostWaiting = 8;

/**
 * Writes a file in order and in the background: while pieces are on their way to the disk the next ones are filled,
 * and all that have gathered go with the next call. So the file is always a start of the content, whenever the process
 * ends; memory stays below 5 MiB.
 */
export class PieceWriter {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #filling: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;
  #waiting: Uint8Array[] = [];
  #batch: Promise<void> = Promise.resolve();
  #running: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #written: number;

  constructor(path: string, handle: FileHandle, position: number) {
    this.#path = path;
    this.#handle = handle;
    this.#written = position;
  }

  /** Where the file ends, in bytes. */
  get written(): number {
    return this.#written;
  }

  /** Takes a copy of `chunk`. Throws what an earlier piece has failed with. */
  async write(chunk: Uint8Array): Promise<void> {
    for (let rest = chunk; rest.byteLength > 0;) {
      this.#check();
      const piece = (this.#filling ??= this.#free.pop() ?? new Uint8Array(pieceSize));
      const part = rest.subarray(0, pieceSize - this.#filled);
      piece.set(part, this.#filled);
      this.#filled += part.byteLength;
      rest = rest.subarray(part.byteLength);
      if (this.#filled === pieceSize) this.#pass();
      while (this.#waiting.length >= mostWaiting) await this.#batch.catch(() => this.#check());
    }
  }

  /** Waits until all is in the file. */
  async flush(): Promise<void> {
    if (this.#filled > 0) this.#pass();
    await this.#running;
    this.#check();
  }

  #pass(): void {
    const piece = this.#filling?.subarray(0, this.#filled);
    this.#filling = undefined;
    this.#filled = 0;
    if (piece === undefined || this.#failure !== undefined) return;
    this.#waiting.push(piece);
    this.#running ??= this.#drain();
  }

  /** Never throws: a failure is told by the next call. */
  async #drain(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const pieces = this.#waiting;
        this.#waiting = [];
        this.#batch = this.#put(pieces);
        await this.#batch;
        for (const { buffer } of pieces) this.#free.push(new Uint8Array(buffer as ArrayBuffer));
      }
    } catch (error) {
      this.#failure = { error: fileFailure(error, 'write', this.#path) };
      this.#waiting = [];
    } finally {
      this.#running = undefined;
    }
  }

  async #put(pieces: readonly Uint8Array[]): Promise<void> {
    let left = pieces;
    while (left.length > 0) {
      const { bytesWritten } = await this.#handle.writev(left, this.#written);
      this.#written += bytesWritten;
      left = behind(left, bytesWritten);
    }
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

/** What is left of `pieces` behind their first `count` bytes. */
function behind(pieces: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let skip = count;
  return pieces.flatMap(piece => {
    const skipped = Math.min(skip, piece.byteLength);
    skip -= skipped;
    return skipped === piece.byteLength ? [] : [piece.subarray(skipped)];
  });
}
