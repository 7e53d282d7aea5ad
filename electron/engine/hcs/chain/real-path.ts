import { lstat, readdir } from 'node:fs/promises';
import { errnoOf, fileFailure, withFailure } from '../../content/file-system.ts';
import type { BackupFiles } from '../host.ts';
import { directoryAttribute, nativePath, reparseAttribute } from './staged-names.ts';

/** Looks at paths of a layer on disk without ever going through a link (hcsshim's safefile, OBJ_DONT_REPARSE). */
export interface RealPaths {
  /** Attributes of what is at `path`, undefined where nothing is or where a link stands on the way. */
  attributesAt(path: string): Promise<number | undefined>;
  /** Whether all folders above `path` are real ones. */
  isReachable(path: string): Promise<boolean>;
  /** Deletes what is at `path`, with all below it. A link is deleted itself. What is not there is no failure. */
  removeTree(path: string): Promise<void>;
}

/** The paths below `layerDir`; they have `/`. */
export function realPaths(layerDir: string, files: BackupFiles): RealPaths {
  const real = new Set<string>(['']);
  async function attributesOf(path: string): Promise<number | undefined> {
    const native = nativePath(layerDir, path);
    try {
      await lstat(native);
    } catch (error) {
      const errno = errnoOf(error);
      if (errno === 'ENOENT' || errno === 'ENOTDIR') return undefined;
      throw fileFailure(error, 'read', native);
    }
    return (await files.basicInfo(native)).attributes;
  }
  async function isRealDirectory(path: string): Promise<boolean> {
    if (real.has(path)) return true;
    if (!(await isRealDirectory(parentOf(path)))) return false;
    const attributes = await attributesOf(path);
    const isReal = attributes !== undefined && isDirectory(attributes);
    if (isReal) real.add(path);
    return isReal;
  }
  const isReachable = (path: string) => isRealDirectory(parentOf(path));
  async function removeAll(path: string): Promise<void> {
    const attributes = await attributesOf(path);
    if (attributes === undefined) return;
    const native = nativePath(layerDir, path);
    if (isDirectory(attributes)) {
      real.delete(path);
      const names = await withFailure('read', native, () => readdir(native));
      for (const name of names) await removeAll(`${path}/${name}`);
    }
    await files.remove(native);
  }
  return {
    isReachable,
    attributesAt: async path => ((await isReachable(path)) ? attributesOf(path) : undefined),
    async removeTree(path) {
      if (await isReachable(path)) await removeAll(path);
    },
  };
}

/** Tells whether attributes are those of a directory that is no reparse point. */
export function isDirectory(attributes: number): boolean {
  return (attributes & (directoryAttribute | reparseAttribute)) === directoryAttribute;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
