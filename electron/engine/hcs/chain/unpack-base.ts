import { lstat } from 'node:fs/promises';
import type { Digest } from '../../../../shared/oci/digest.ts';
import { pathKey } from '../../../../shared/windows/windows-path.ts';
import { undefinedIfMissing, withFailure } from '../../content/file-system.ts';
import { alternateStream, entryStreams } from '../../layer/backup/entry-streams.ts';
import type { WindowsHost } from '../host.ts';
import type { DiffTarget } from './after-import.ts';
import { refused } from './check-layer.ts';
import {
  checkedInfo,
  openFile,
  setDirectoryTimes,
  type EntrySink,
  type PendingDirectory,
} from './entry-sink.ts';
import { createFileQueue } from './file-queue.ts';
import {
  directoryAttribute,
  nativePath,
  originalName,
  utilityVmFilesFolder,
  utilityVmFolder,
} from './staged-names.ts';

/**
 * Unpacks a base layer into `layerDir` as real files, each written as its backup streams, and lets Windows process it
 * (hcsshim baseLayerWriter). Hard links follow what they name, as in the tar; the times of directories come last,
 * because every file that is made in one changes them.
 */
export function createBaseSink(
  { layerDir, diffId }: Pick<DiffTarget, 'layerDir' | 'diffId'>,
  { files, layers }: Pick<WindowsHost, 'files' | 'layers'>,
): EntrySink {
  const directories: PendingDirectory[] = [];
  const queue = createFileQueue();
  const mustBeNew = newNames(diffId);
  let hasUtilityVm = false;
  return {
    async add(entry, content) {
      if (entry.kind === 'stream') return await queue.write(alternateStream(entry, content));
      await queue.end();
      if (entry.kind === 'whiteout') throw new Error('whiteouts of a base were not checked');
      const path = nativePath(layerDir, entry.path);
      if (entry.kind === 'hard-link') {
        await queue.closed(entry.target);
        return await files.hardLink(path, nativePath(layerDir, entry.target));
      }
      const info = checkedInfo(entry);
      const isDirectory = (info.attributes & directoryAttribute) !== 0;
      if (isDirectory) {
        directories.push({ path: entry.path, info });
        await mustBeNew(entry.path, path);
      }
      if (entry.path === utilityVmFilesFolder) hasUtilityVm = true;
      const file = { path, info, copies: copiesOf(layerDir, entry.path) };
      const kind = isDirectory ? 'directory' : 'file';
      await queue.open(entry.path, () => openFile(files, file, kind));
      await queue.write(entryStreams(entry, content));
    },
    async finish() {
      await queue.all();
      await setDirectoryTimes(layerDir, directories, files);
      await layers.processBaseLayer(layerDir);
      if (hasUtilityVm) await layers.processUtilityVm(nativePath(layerDir, utilityVmFolder));
    },
    abort: () => queue.all(),
  };
}

/** Where the original of a file that Windows will change is kept. */
function copiesOf(layerDir: string, path: string): readonly string[] {
  const name = originalName(path);
  return name === undefined ? [] : [nativePath(layerDir, name)];
}

/** Fails where Windows finds something under a name that is new to us, as the short name of a link that leads away. */
function newNames(diffId: Digest) {
  const known = new Set<string>();
  return async (path: string, native: string): Promise<void> => {
    const key = pathKey(path);
    if (known.has(key)) return;
    known.add(key);
    if (await exists(native)) {
      throw refused({ diffId }, path, 'Windows takes its name for that of another entry');
    }
  };
}

async function exists(native: string): Promise<boolean> {
  const found = await withFailure('read', native, () => lstat(native).catch(undefinedIfMissing));
  return found !== undefined;
}
