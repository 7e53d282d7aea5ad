import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { fileFailure, renameOver } from '../content/file-system.ts';

/**
 * Lets `write` make a file beside `file`, then renames it there: `file` is the old one or the new one,
 * never half of it. Throws AppError `disk-full`, `file-system` or `cancelled`, and leaves nothing behind.
 */
export async function writeAside<T>(
  file: string,
  write: (temporary: string) => Promise<T>,
): Promise<T> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const result = await write(temporary);
    await renameOver(temporary, file);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw fileFailure(error, 'write', file);
  }
}
