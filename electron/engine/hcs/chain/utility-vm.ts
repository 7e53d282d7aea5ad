import { readdir } from 'node:fs/promises';
import { withFailure } from '../../content/file-system.ts';
import type { LayerEntry } from '../../layer/entry.ts';
import type { BackupFiles } from '../host.ts';
import { refused } from './check-layer.ts';
import { notReachable, type DiffTarget } from './after-import.ts';
import {
  checkedInfo,
  openFile,
  setDirectoryTimes,
  type NewFile,
  type PendingDirectory,
  type StreamTarget,
} from './entry-sink.ts';
import { isDirectory, realPaths } from './real-path.ts';
import {
  directoryAttribute,
  nativePath,
  originalName,
  reparseAttribute,
  utilityVmFilesFolder,
  utilityVmFolder,
} from './staged-names.ts';

/** The utility VM of a layer that changes that of the layer below. Windows knows no layers of it, so it is a whole one. */
export interface UtilityVmWriter {
  /** Makes or replaces what is at the path of `entry`. */
  open(entry: LayerEntry): Promise<StreamTarget>;
  /** Deletes what is at `path`. Fails with `layer-import-refused` where nothing is there. */
  remove(path: string): Promise<void>;
}

/**
 * Begins with the utility VM of the nearest parent: its files are linked, for most never change; folders, reparse
 * points and what the import changes are copied (hcsshim legacyLayerWriter.initUtilityVM, cloneTree).
 */
export async function createUtilityVm(
  { layerDir, parentsNearestFirst, diffId }: DiffTarget,
  files: BackupFiles,
): Promise<UtilityVmWriter> {
  const parentDir = parentsNearestFirst[0] ?? '';
  const parent = realPaths(parentDir, files);
  const root = await parent.attributesAt(utilityVmFilesFolder);
  if (root === undefined || !isDirectory(root)) {
    throw refused({ diffId }, utilityVmFolder, 'the layer below has no utility VM to change');
  }
  await (await files.create(nativePath(layerDir, utilityVmFolder), 'directory')).close();
  const directories: PendingDirectory[] = [];
  await cloneTree({ parentDir, layerDir, files, directories }, utilityVmFilesFolder);
  await setDirectoryTimes(layerDir, directories, files);
  const own = realPaths(layerDir, files);
  return {
    async open(entry) {
      const { path } = entry;
      const info = checkedInfo(entry);
      if (!(await own.isReachable(path))) throw refused({ diffId }, path, notReachable);
      const before = await own.attributesAt(path);
      const kinds = directoryAttribute | reparseAttribute;
      const stays =
        before !== undefined && isDirectory(before) && ((before ^ info.attributes) & kinds) === 0;
      if (!stays) await own.removeTree(path);
      return await openFile(files, { path: nativePath(layerDir, path), info }, kindOf(info));
    },
    async remove(path) {
      if ((await own.attributesAt(path)) === undefined) {
        throw refused({ diffId }, path, 'it is deleted, but is not in the layer below');
      }
      await own.removeTree(path);
    },
  };
}

interface Cloning {
  readonly parentDir: string;
  readonly layerDir: string;
  readonly files: BackupFiles;
  readonly directories: PendingDirectory[];
}

async function cloneTree(cloning: Cloning, path: string): Promise<void> {
  const { parentDir, layerDir, files, directories } = cloning;
  const source = nativePath(parentDir, path);
  const target = nativePath(layerDir, path);
  const info = await files.basicInfo(source);
  const mustCopy = (info.attributes & (directoryAttribute | reparseAttribute)) !== 0;
  if (!mustCopy && originalName(path) === undefined) {
    await files.hardLink(target, source);
    return;
  }
  await copyFile(files, source, { path: target, info });
  if (kindOf(info) === 'directory') directories.push({ path, info });
  if (!isDirectory(info.attributes)) return;
  const names = await withFailure('read', source, () => readdir(source));
  for (const name of names) await cloneTree(cloning, `${path}/${name}`);
}

async function copyFile(files: BackupFiles, source: string, target: NewFile): Promise<void> {
  const copy = await openFile(files, target, kindOf(target.info));
  try {
    await copy.write(files.read(source, true));
  } finally {
    await copy.close();
  }
}

function kindOf({ attributes }: { readonly attributes: number }): 'file' | 'directory' {
  return (attributes & directoryAttribute) === 0 ? 'file' : 'directory';
}
