import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../../../shared/failure.ts';
import { withFailure } from '../../content/file-system.ts';

/** Backup streams on their way in. */
export interface BackupSource {
  /** Bytes passed so far. */
  readonly offset: number;
  /** At most `count` bytes, at least one; undefined at the end. Valid until the next call. */
  takeSome(count: number): Promise<Uint8Array | undefined>;
  /** Passes over `count` bytes. */
  skip(count: number): Promise<void>;
  /** Makes the failure of what is read here. */
  fault(problem: string): AppError;
}

/** Makes `backup-stream-malformed` for the streams of `path`. */
export function backupFault(path: string, offset: number, problem: string): AppError {
  return new AppError({ code: 'backup-stream-malformed', path, offset, problem });
}

const bufferSize = 4096;

/** A part of a file, in bytes from its start. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Streams in a part of a file, whose contents are passed over without reading them. The headers of a file lie close
 * together unless there is content between them, so that a small buffer saves most reads.
 */
export function fileSource(
  handle: FileHandle,
  path: string,
  { start, end }: FileRange,
): BackupSource {
  const buffer = Buffer.allocUnsafe(bufferSize);
  let bufferAt = 0;
  let filled = 0;
  let offset = start;
  return {
    get offset() {
      return offset;
    },
    async takeSome(count) {
      if (offset < bufferAt || offset >= bufferAt + filled) {
        bufferAt = offset;
        const wanted = Math.min(bufferSize, end - offset);
        const read = () => handle.read(buffer, 0, wanted, offset);
        filled = (await withFailure('read', path, read)).bytesRead;
      }
      const from = offset - bufferAt;
      const piece = buffer.subarray(from, Math.min(filled, from + count));
      offset += piece.byteLength;
      return piece.byteLength === 0 ? undefined : piece;
    },
    async skip(count) {
      offset += count;
      if (offset > end) throw backupFault(path, end, 'they are cut off');
    },
    fault: problem => backupFault(path, offset, problem),
  };
}

/** Exactly `count` bytes, copied; undefined at the very end. Fails where the end comes in between. */
export async function takeExactly(
  source: BackupSource,
  count: number,
): Promise<Buffer | undefined> {
  const bytes = Buffer.allocUnsafe(count);
  for (let filled = 0; filled < count;) {
    const piece = await source.takeSome(count - filled);
    if (!piece) {
      if (filled === 0) return undefined;
      throw source.fault('they are cut off');
    }
    bytes.set(piece, filled);
    filled += piece.byteLength;
  }
  return bytes;
}
