import { lstat, readdir } from 'node:fs/promises';
import { pathKey } from '../../../../shared/windows/windows-path.ts';
import { withFailure } from '../../content/file-system.ts';
import {
  directoryFileSuffix,
  filesFolder,
  hivesFolder,
  isBelow,
  nativePath,
  tombstonesFile,
  utilityVmFolder,
} from './staged-names.ts';
import { malformed, readTombstones } from './tombstones.ts';

/** Something in a staged folder; `path` is inside the layer. */
export type StagedItem =
  | { readonly kind: 'tombstone'; readonly path: string }
  | { readonly kind: 'directory'; readonly path: string }
  | {
      readonly kind: 'file';
      readonly path: string;
      /** In bytes, of the staged file. */
      readonly size: number;
      /** The same for all names of a file that has more than one. */
      readonly fileId?: bigint;
    };

/** Whatever a step left there is in nobody's way, and its names may be broken (hcsshim legacyLayerReader). */
export const recycleBin = `${filesFolder}/$Recycle.Bin`;

const topFolders: ReadonlySet<string> = new Set([filesFolder, hivesFolder, utilityVmFolder]);

/**
 * Lists an exported folder in an order that is the same whenever its names are: parents before children, what a
 * directory deletes right after it, names by their UTF-16 units. Folders are listed one at a time. Fails with
 * `export-malformed`.
 */
export async function* walkStaged(stagedDir: string): AsyncGenerator<StagedItem> {
  const waiting = Map.groupBy((await readTombstones(stagedDir)).toSorted(), path =>
    pathKey(path.slice(0, path.lastIndexOf('/'))),
  );
  const deletedIn = function* (path: string): Generator<StagedItem> {
    for (const gone of waiting.get(pathKey(path)) ?? []) yield { kind: 'tombstone', path: gone };
    waiting.delete(pathKey(path));
  };
  const walk = async function* (parent: string, name: string): AsyncGenerator<StagedItem> {
    const path = parent === '' ? name : `${parent}/${name}`;
    const native = nativePath(stagedDir, path);
    const stats = await withFailure('read', native, () => lstat(native, { bigint: true }));
    if (!stats.isDirectory()) {
      const shared = stats.nlink > 1n && isBelow(path, filesFolder);
      yield { kind: 'file', path, size: Number(stats.size), ...(shared && { fileId: stats.ino }) };
      return;
    }
    yield { kind: 'directory', path };
    yield* deletedIn(path);
    for (const child of await namesIn(native)) yield* walk(path, child);
  };
  for (const name of await namesIn(stagedDir)) {
    if (name === tombstonesFile) continue;
    if (!topFolders.has(name)) {
      throw malformed(nativePath(stagedDir, name), 'a layer has no such thing at its top');
    }
    yield* walk('', name);
  }
  // Windows lists folders that deletions were made in; should it not, nothing that was deleted comes back.
  for (const paths of waiting.values()) {
    for (const path of paths) yield { kind: 'tombstone', path };
  }

  async function namesIn(folder: string): Promise<readonly string[]> {
    const names = await withFailure('read', folder, () => readdir(folder));
    return names
      .filter(name => !name.endsWith(directoryFileSuffix) && !isRecycleBin(folder, name))
      .toSorted();
  }

  function isRecycleBin(folder: string, name: string): boolean {
    return (
      folder === nativePath(stagedDir, filesFolder) &&
      pathKey(`${filesFolder}/${name}`) === pathKey(recycleBin)
    );
  }
}
