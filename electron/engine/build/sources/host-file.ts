import { throwIfCancelled } from '../../content/cancel.ts';
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
} from 'node:fs';
import { AppError } from '../../../../shared/failure.ts';
import type { Bytes } from '../../content/bytes.ts';

/**
 * A file of this machine as it was when it was listed. Times are in ms since 1970, with as much of the fraction as a
 * number holds (some 240 ns): enough to see a change, and much less work than whole nanoseconds.
 */
export interface HostFile {
  readonly hostPath: string;
  /** How messages call it: relative to the context. */
  readonly shownPath: string;
  readonly size: number;
  readonly modifiedMs: number;
  readonly changedMs: number;
  readonly inode: number;
}

const largestChunk = 256 * 1024;
// Absent on Windows, where a link cannot be opened by mistake for more than what the stat below catches.
const noFollow = constants.O_NOFOLLOW ?? 0;

/**
 * Reads the file, and fails with `source-refused` unless it is and stays what was listed: the same file, size and
 * times, before the first byte and behind the last. The chunks share one buffer. It reads synchronously on purpose:
 * while the thread pool compresses, waiting for a read costs more than a small file (see layer/file-content.ts).
 */
export async function* readHostFile(file: HostFile, signal?: AbortSignal): Bytes {
  throwIfCancelled(signal);
  const fd = doing(file, () => openSync(file.hostPath, constants.O_RDONLY | noFollow));
  try {
    checkUnchanged(file, fd);
    const buffer = Buffer.allocUnsafe(Math.min(Math.max(file.size, 1), largestChunk));
    let left = file.size;
    while (left > 0) {
      throwIfCancelled(signal);
      const count = doing(file, () => readSync(fd, buffer, 0, Math.min(left, buffer.length), null));
      if (count === 0) throw changed(file);
      left -= count;
      yield buffer.subarray(0, count);
    }
    checkUnchanged(file, fd);
  } finally {
    closeSync(fd);
  }
}

function doing<T>(file: HostFile, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw hostFailure(error, file.hostPath, file.shownPath);
  }
}

function checkUnchanged(file: HostFile, fd: number): void {
  const now = fstatSync(fd);
  const same =
    now.isFile() &&
    now.ino === file.inode &&
    now.size === file.size &&
    now.mtimeMs === file.modifiedMs &&
    now.ctimeMs === file.changedMs;
  if (!same) throw changed(file);
}

function changed(file: HostFile): AppError {
  return new AppError({
    code: 'source-refused',
    path: file.shownPath,
    problem: 'it changed while it was being read. Stop what writes to it, then build again.',
  });
}

/**
 * The stats of `hostPath` itself, or undefined where nothing is there. Synchronous, because a trip to the thread pool
 * costs twice the call: the difference is felt with the 10,000 files of a build in which nothing has changed.
 */
export function lstatIfThere(hostPath: string, shownPath: string): Stats | undefined {
  try {
    return lstatSync(hostPath, { throwIfNoEntry: false });
  } catch (error) {
    if (isErrno(error, 'ENOENT') || isErrno(error, 'ENOTDIR')) return undefined;
    throw hostFailure(error, hostPath, shownPath);
  }
}

/** When the file, folder or link at `hostPath` was changed last, in ns since 1970; 0 where nothing is there any more. */
export function exactModified(hostPath: string): bigint {
  return lstatSync(hostPath, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n;
}

/** Turns an error of `node:fs` about a source into a failure that names the source. */
export function hostFailure(error: unknown, hostPath: string, shownPath: string): unknown {
  if (isErrno(error, 'ENOENT'))
    return refused(shownPath, 'it vanished while the build was reading it.');
  if (isErrno(error, 'ELOOP'))
    return refused(shownPath, 'it was replaced by a link while the build was reading it.');
  if (isErrno(error, 'EACCES') || isErrno(error, 'EPERM'))
    return refused(shownPath, 'it must not be read (permission denied).');
  if (!(error instanceof Error) || !('code' in error)) return error;
  return new AppError(
    { code: 'file-system', path: hostPath, operation: 'read', errno: String(error.code) },
    { cause: error },
  );
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function refused(path: string, problem: string): AppError {
  return new AppError({ code: 'source-refused', path, problem });
}
