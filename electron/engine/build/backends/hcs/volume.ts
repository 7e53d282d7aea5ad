import { lstat, mkdir, open, readdir, symlink, type FileHandle } from 'node:fs/promises';
import { constants } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../../../shared/failure.ts';
import { containerPath } from '../../../../../shared/windows/windows-path.ts';
import { compareCodePoints } from '../../code-point-order.ts';

/**
 * The files of a scratch, as this process sees them. What is in there is hostile: a link in it would lead to the files
 * of the host, so none is ever followed.
 */
export interface Volume {
  /** What is in a folder, by name. Undefined where there is none, or a link on the way. */
  list(parts: readonly string[]): Promise<readonly VolumeEntry[] | undefined>;
  /** Opens a file for reading. Undefined where there is none, or a link on the way. */
  open(parts: readonly string[]): Promise<FileHandle | undefined>;
  /** Makes a link to a place in the container, with the folders above it. Fails with `destination-refused`. */
  link(parts: readonly string[], target: string): Promise<void>;
}

export interface VolumeEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  /** Of files, in bytes. */
  readonly size: number;
}

/** `volumePath` with a separator at its end, as `ScratchLayer` has it. */
export function createVolume(volumePath: string): Volume {
  const at = (parts: readonly string[]) => path.join(volumePath, ...parts);
  return {
    async list(parts) {
      const kinds = await kindsOf(parts, at);
      if (kinds.some(kind => kind !== 'folder')) return undefined;
      const names = await readdir(at(parts)).catch(() => []);
      const entries: VolumeEntry[] = [];
      for (const name of names.toSorted(compareCodePoints)) {
        const found = await lookAt(at([...parts, name]));
        if (found) entries.push({ name, ...found });
      }
      return entries;
    },
    async open(parts) {
      const kinds = await kindsOf(parts, at);
      if (kinds.at(-1) !== 'file' || kinds.slice(0, -1).some(kind => kind !== 'folder'))
        return undefined;
      const noFollow = constants.O_NOFOLLOW ?? 0;
      return await open(at(parts), constants.O_RDONLY | noFollow).catch(() => undefined);
    },
    async link(parts, target) {
      const kinds = await kindsOf(parts, at);
      const written = containerPath(parts);
      if (kinds.at(-1) !== undefined) throw refused(written, 'there is something in the image.');
      const isBlocked = kinds.some(kind => kind !== undefined && kind !== 'folder');
      if (isBlocked) throw refused(written, 'a part of the path is no folder in the image.');
      await mkdir(path.dirname(at(parts)), { recursive: true });
      await symlink(target, at(parts), 'file');
    },
  };
}

type Found = Omit<VolumeEntry, 'name'>;
type Kind = VolumeEntry['kind'] | undefined;

/** What there is at each part of a path, from the volume's root. */
async function kindsOf(
  parts: readonly string[],
  at: (parts: readonly string[]) => string,
): Promise<Kind[]> {
  const kinds: Kind[] = [];
  for (let count = 1; count <= parts.length; count += 1)
    kinds.push((await lookAt(at(parts.slice(0, count))))?.kind);
  return kinds;
}

/** Undefined where nothing is there; what a program is still at may go at any time. */
async function lookAt(file: string): Promise<Found | undefined> {
  try {
    const stats = await lstat(file);
    if (stats.isDirectory()) return { kind: 'folder', size: 0 };
    return stats.isFile() ? { kind: 'file', size: stats.size } : { kind: 'other', size: 0 };
  } catch {
    return undefined;
  }
}

function refused(written: string, problem: string): AppError {
  return new AppError({ code: 'destination-refused', path: written, problem });
}
