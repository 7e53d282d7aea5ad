import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { ImageFiles } from '../../../copy/image-files.ts';
import { resolveContainerPath } from '../../../../../../shared/windows/windows-path.ts';
import type { PreparedMounts } from './prepare-mounts.ts';

/** What stands in a scratch only because something is mounted there. */
export interface Stubs {
  /** Removes it from an exported layer, unless the program has put something of its own there. */
  removeFrom(exportDir: string): Promise<void>;
}

/** Finds out which folders of mount targets the image does not have. */
export async function findStubs(
  { mounts, links }: Pick<PreparedMounts, 'mounts' | 'links'>,
  files: ImageFiles,
  signal?: AbortSignal,
): Promise<Stubs> {
  const targets = mounts.map(({ containerPath }) => partsOf(containerPath));
  const folders = new Map<string, readonly string[]>();
  for (const parts of [...targets, ...links.map(link => link.parts.slice(0, -1))]) {
    for (let count = parts.length; count > 0; count -= 1) {
      const folder = parts.slice(0, count);
      if (await files.find(folder.join('/'), signal)) break;
      folders.set(folder.join('/'), folder);
    }
  }
  const deepestFirst = [...folders.values()].toSorted((a, b) => b.length - a.length);
  return {
    async removeFrom(exportDir) {
      const at = (parts: readonly string[]) => path.join(exportDir, 'Files', ...parts);
      for (const { parts } of links) await rm(at(parts), { force: true });
      for (const parts of deepestFirst) await removeEmptyFolder(at(parts));
    },
  };
}

function partsOf(containerPath: string): readonly string[] {
  const place = resolveContainerPath('C:\\', containerPath);
  return place.kind === 'inside' ? place.parts : [];
}

/** A folder of the staged form has its metadata in a file beside it (hcsshim, legacy layer writer). */
async function removeEmptyFolder(dir: string): Promise<void> {
  try {
    await rmdir(dir);
  } catch {
    // Not empty, or not there.
    return;
  }
  await rm(`${dir}.$wcidirs$`, { force: true });
}
