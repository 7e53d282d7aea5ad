import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { Bytes } from '../content/bytes.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import { fileFailure } from '../content/file-system.ts';

const chunkSize = 256 * 1024;

/**
 * The content of a file on disk, for `LayerWriter.add`. Every chunk uses the same memory: done with it
 * before the next. It reads synchronously on purpose: while the thread pool compresses, an asynchronous
 * read of a small file costs more than the file (bench/layer-write.ts: a third of the time of 10,000 files).
 * Links are followed; fails with `file-system`.
 */
export async function* fileContent(path: string, signal?: AbortSignal): Bytes {
  const file = reading(path, () => openSync(path, constants.O_RDONLY));
  try {
    const buffer = Buffer.allocUnsafe(chunkSize);
    for (;;) {
      throwIfCancelled(signal);
      const count = reading(path, () => readSync(file, buffer, 0, chunkSize, null));
      if (count === 0) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    closeSync(file);
  }
}

function reading<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw fileFailure(error, 'read', path);
  }
}
