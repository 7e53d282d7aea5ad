import { AppError } from '../../../../shared/failure.ts';
import type { Collected, Copyable } from './collect.ts';
import type { ImageFiles } from './image-files.ts';
import { resolveTarget } from './resolve-target.ts';

/** Where COPY, ADD and WORKDIR write to. */
export interface Destination {
  /** Below the volume root, with `/`; '' is the root itself. */
  readonly path: string;
  /** True where the author wrote a separator at the end, or `.`. */
  readonly isFolder: boolean;
  /** As the author wrote it, for messages. */
  readonly written: string;
}

/** A node and the path below the volume root that it is copied to. */
export interface Placed {
  readonly target: string;
  readonly node: Copyable;
}

/**
 * Decides where everything goes, by Docker's rules: the content of folders goes into the destination; a file becomes
 * the destination, or goes into it where that is a folder. Fails with `destination-refused`.
 */
export async function place(
  collected: readonly Collected[],
  destination: Destination,
  files: ImageFiles,
  signal?: AbortSignal,
): Promise<Placed[]> {
  const target = await resolveTarget(files, destination.path, signal);
  const existing = target === '' ? 'directory' : (await files.find(target, signal))?.kind;
  const isFolder =
    destination.isFolder ||
    existing === 'directory' ||
    collected.some(item => item.place === 'below');
  if (isFolder && existing !== undefined && existing !== 'directory') {
    throw refused(destination, 'it is a file in the image, and a folder is needed there.');
  }
  if (!isFolder && collected.length > 1) {
    throw refused(
      destination,
      `${collected.length} files are copied, so it must be a folder: end it with a separator.`,
    );
  }
  return collected.map(({ path, node }) => ({
    target: isFolder ? [target, path].filter(part => part !== '').join('/') : target,
    node,
  }));
}

function refused(destination: Destination, problem: string): AppError {
  return new AppError({ code: 'destination-refused', path: destination.written, problem });
}
