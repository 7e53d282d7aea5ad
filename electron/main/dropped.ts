import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/failure.ts';
import { isEditable } from '../ipc/project/editable-files.ts';
import { naming } from '../ipc/project/file-failures.ts';

/** What a drop on the window asks for: a folder, and the file in it that was meant. */
export interface Dropped {
  readonly dir: string;
  readonly file?: string;
}

/**
 * A folder stands for itself, a Dockerfile or `.dockerignore` for the folder that it is in. Throws `drop-refused`
 * for anything else, and `file-system` where it cannot be looked at.
 */
export async function projectOfDrop(dropped: string): Promise<Dropped> {
  const found = await naming('open', dropped, async () => await stat(dropped));
  if (found.isDirectory()) return { dir: dropped };
  const file = path.basename(dropped);
  if (!found.isFile() || !isEditable(file)) {
    throw new AppError({ code: 'drop-refused', path: dropped });
  }
  return { dir: path.dirname(dropped), file };
}
