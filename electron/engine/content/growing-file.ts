import { open } from 'node:fs/promises';
import { AppError } from '../../../shared/failure.ts';
import type { Bytes } from './bytes.ts';
import { withFailure } from './file-system.ts';

const readSize = 1024 * 1024;

/** A file that one part of the program writes while another reads behind it, at its own pace. */
export class GrowingFile {
  #written = 0;
  #state: 'growing' | 'complete' | 'abandoned' = 'growing';
  #changed = Promise.withResolvers<void>();

  /** So many bytes are in the file. */
  grownTo(bytes: number): void {
    if (bytes === this.#written) return;
    this.#written = bytes;
    this.#tell();
  }

  /** Nothing is added any more. Readers of an abandoned file fail with `cancelled`. Only the first call counts. */
  end(state: 'complete' | 'abandoned'): void {
    if (this.#state !== 'growing') return;
    this.#state = state;
    this.#tell();
  }

  /** The content of the file from its start, as it comes; a rename of the file does no harm. */
  async *follow(path: string): Bytes {
    await using file = await withFailure('open', path, () => open(path));
    for (let at = 0; ;) {
      const changed = this.#changed.promise;
      if (this.#state === 'abandoned') throw new AppError({ code: 'cancelled' });
      const length = Math.min(readSize, this.#written - at);
      if (length > 0) {
        const { buffer, bytesRead } = await withFailure('read', path, () =>
          file.read(new Uint8Array(length), 0, length, at),
        );
        if (bytesRead === 0) throw new AppError({ code: 'cancelled' });
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      } else if (this.#state === 'complete') return;
      else await changed;
    }
  }

  #tell(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
