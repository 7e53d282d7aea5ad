import { alternateStream, entryStreams } from '../../layer/backup/entry-streams.ts';
import type { WindowsHost } from '../host.ts';
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
  mutatedFiles,
  nativePath,
  utilityVmFilesFolder,
  utilityVmFolder,
} from './staged-names.ts';

/**
 * Unpacks a base layer into `layerDir` as real files, each written as its backup streams, and lets Windows process it
 * (hcsshim baseLayerWriter). Hard links follow what they name, as in the tar; the times of directories come last,
 * because every file that is made in one changes them.
 */
export function createBaseSink(
  layerDir: string,
  { files, layers }: Pick<WindowsHost, 'files' | 'layers'>,
): EntrySink {
  const directories: PendingDirectory[] = [];
  const queue = createFileQueue();
  let hasUtilityVm = false;
  return {
    async add(entry, content) {
      if (entry.kind === 'stream') return await queue.write(alternateStream(entry, content));
      await queue.end();
      if (entry.kind === 'whiteout') throw new Error('whiteouts of a base were not checked');
      const path = nativePath(layerDir, entry.path);
      if (entry.kind === 'hard-link') {
        const target = nativePath(layerDir, entry.target);
        await queue.closed(target);
        return await files.hardLink(path, target);
      }
      const info = checkedInfo(entry);
      const isDirectory = (info.attributes & directoryAttribute) !== 0;
      if (isDirectory) directories.push({ path: entry.path, info });
      if (entry.path === utilityVmFilesFolder) hasUtilityVm = true;
      const file = { path, info, copies: copiesOf(layerDir, entry.path) };
      await queue.open(path, () => openFile(files, file, isDirectory ? 'directory' : 'file'));
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
  const name = mutatedFiles.get(path);
  return name === undefined ? [] : [nativePath(layerDir, name)];
}
