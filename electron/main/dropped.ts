import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../shared/failure.ts';
import { isEditable } from '../ipc/project/editable-files.ts';
import { naming } from '../ipc/project/file-failures.ts';

/** What a drop on the window, or a file that was opened with the app, asks for. */
export type Dropped =
  /** A folder, and the file in it that was meant. */
  | { readonly kind: 'project'; readonly dir: string; readonly file?: string }
  /** Images in an archive. */
  | { readonly kind: 'archive'; readonly file: string };

const archives = /\.(?:tar|tar\.gz|tgz|oci|ociarchive)$/i;

/**
 * A folder stands for itself, a Dockerfile or `.dockerignore` for the folder that it is in, an archive for its images.
 * Throws `drop-refused` for anything else, and `file-system` where it cannot be looked at.
 */
export async function meaningOfDrop(dropped: string): Promise<Dropped> {
  const found = await naming('open', dropped, async () => await stat(dropped));
  if (found.isDirectory()) return { kind: 'project', dir: dropped };
  const file = path.basename(dropped);
  if (found.isFile() && archives.test(file)) return { kind: 'archive', file: dropped };
  if (!found.isFile() || !isEditable(file)) {
    throw new AppError({ code: 'drop-refused', path: dropped });
  }
  return { kind: 'project', dir: path.dirname(dropped), file };
}
