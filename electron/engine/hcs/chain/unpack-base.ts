import { alternateStream, entryStreams } from '../../layer/backup/entry-streams.ts';
import type { WindowsHost } from '../host.ts';
import {
  checkedInfo,
  openFile,
  setDirectoryTimes,
  type EntrySink,
  type PendingDirectory,
  type StreamTarget,
} from './entry-sink.ts';
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
  let open: StreamTarget | undefined;
  let hasUtilityVm = false;
  async function closeOpen(): Promise<void> {
    const closing = open;
    open = undefined;
    await closing?.close();
  }
  return {
    async add(entry, content) {
      if (entry.kind === 'stream') {
        await open?.write(alternateStream(entry, content));
        return;
      }
      await closeOpen();
      if (entry.kind === 'whiteout') throw new Error('whiteouts of a base were not checked');
      const path = nativePath(layerDir, entry.path);
      if (entry.kind === 'hard-link') {
        await files.hardLink(path, nativePath(layerDir, entry.target));
        return;
      }
      const info = checkedInfo(entry);
      const isDirectory = (info.attributes & directoryAttribute) !== 0;
      if (isDirectory) directories.push({ path: entry.path, info });
      if (entry.path === utilityVmFilesFolder) hasUtilityVm = true;
      const file = { path, info, copies: copiesOf(layerDir, entry.path) };
      open = await openFile(files, file, isDirectory ? 'directory' : 'file');
      await open.write(entryStreams(entry, content));
    },
    async finish() {
      await closeOpen();
      await setDirectoryTimes(layerDir, directories, files);
      await layers.processBaseLayer(layerDir);
      if (hasUtilityVm) await layers.processUtilityVm(nativePath(layerDir, utilityVmFolder));
    },
    abort: closeOpen,
  };
}

/** Where the original of a file that Windows will change is kept. */
function copiesOf(layerDir: string, path: string): readonly string[] {
  const name = mutatedFiles.get(path);
  return name === undefined ? [] : [nativePath(layerDir, name)];
}
