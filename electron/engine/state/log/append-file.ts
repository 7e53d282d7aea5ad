import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { fileFailure } from '../../content/file-system.ts';

/** A file that only grows. Writes are synchronous: what was said is with the system before anyone is told. */
export interface AppendFile {
  /** Appends all of `bytes` or nothing. Throws AppError `disk-full` or `file-system`. */
  append(bytes: Uint8Array): void;
  close(): void;
}

/** Creates the file; fails where it exists, since a log has one writer. */
export function createAppendFile(file: string): AppendFile {
  const descriptor = named(file, 'create', () => openSync(file, 'wx'));
  let size = 0;
  return {
    append(bytes) {
      named(file, 'write', () => writeAll(descriptor, bytes, size));
      size += bytes.byteLength;
    },
    close: () => closeSync(descriptor),
  };
}

function writeAll(descriptor: number, bytes: Uint8Array, size: number): void {
  try {
    for (let written = 0; written < bytes.byteLength;) {
      const rest = bytes.byteLength - written;
      written += writeSync(descriptor, bytes, written, rest, size + written);
    }
  } catch (error) {
    // Half of what was to be appended must not stand in the way of the next attempt.
    ftruncateSync(descriptor, size);
    throw error;
  }
}

function named<T>(file: string, operation: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileFailure(error, operation, file);
  }
}
