import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { AppError } from '../../../shared/failure.ts';
import { fileSystemFailure } from './file-failure.ts';

/**
 * Lets `write` make a file beside `file`, then renames it there: `file` is the old one or the new one,
 * never half of it. Throws AppError `disk-full` or `file-system`, and leaves nothing behind.
 */
export async function writeAside<T>(
  file: string,
  write: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const result = await write(temporary);
    await rename(temporary, file);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    const failure = fileSystemFailure(error, 'write', file);
    throw failure === undefined ? error : new AppError(failure, { cause: error });
  }
}
