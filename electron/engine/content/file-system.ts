import { access, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import { delay } from './cancel.ts';
import type { Bytes } from './bytes.ts';

/** Turns an error of node:fs into a failure with the path and what we were doing; passes others through. */
export function fileFailure(error: unknown, operation: string, path: string): unknown {
  if (error instanceof AppError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new AppError({ code: 'cancelled' }, { cause: error });
  }
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    return new AppError({ code: 'disk-full', path }, { cause: error });
  }
  return new AppError({ code: 'file-system', path, operation, errno }, { cause: error });
}

/** Runs `action` and words its failures with the path and the operation, such as `write`. */
export async function withFailure<T>(
  operation: string,
  path: string,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw fileFailure(error, operation, path);
  }
}

/** The code of a system error, such as `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** For `catch`: undefined where there is no such file; throws all else again. */
export function undefinedIfMissing(error: unknown): undefined {
  if (errnoOf(error) === 'ENOENT') return undefined;
  throw error;
}

/** Whether something is there that can be got at, behind links too. Never fails. */
export async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** Makes a rename durable: on POSIX a name is safe only once its folder is. Windows cannot open folders and need not. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const windowsBusy: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'EBUSY']);

/** Renames over what is there. On Windows a virus scanner or a reader may hold the target for a moment. */
export async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      const busy = process.platform === 'win32' && windowsBusy.has(errnoOf(error));
      if (!busy || attempt === 6) throw error;
      await delay(10 * 2 ** attempt);
    }
  }
}

/** Replaces a file in one step: written to `aside` in the same folder, made durable, renamed. */
export async function replaceFile(
  path: string,
  aside: string,
  content: string | Bytes,
): Promise<void> {
  try {
    const handle = await open(aside, 'w', 0o644);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameOver(aside, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(aside, { force: true });
    throw fileFailure(error, 'write', path);
  }
}
