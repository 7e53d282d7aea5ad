import { open, rm } from 'node:fs/promises';
import { pathKey } from '../../../../shared/windows/windows-path.ts';
import type { Bytes } from '../../content/bytes.ts';
import { withFailure } from '../../content/file-system.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import { fileSource } from '../../layer/backup/backup-source.ts';
import type { BackupFiles, BasicInfo, WindowsHost } from '../host.ts';
import {
  importStaged,
  type AfterImport,
  type DiffTarget,
  type PendingLink,
} from './after-import.ts';
import type { ReportLink } from './chain-work.ts';
import type { PendingDirectory } from './entry-sink.ts';
import {
  attributesSize,
  directoryFileSuffix,
  filesFolder,
  hivesFolder,
  isBelow,
  nativePath,
  tombstonesFile,
} from './staged-names.ts';
import { plainInfo } from './read-export.ts';
import { readStagedInfo, stagedFile } from './staged-file.ts';
import { malformed } from './tombstones.ts';
import { recycleBin, walkStaged, type StagedItem } from './walk-staged.ts';

/**
 * Makes a layer of an exported folder, with the result that unpacking its tar would have: what the staged form is not
 * to hold on import (tombstones, further names of a file, the recycle bin) is taken out of the folder and done
 * afterwards. Gives the bytes of its files.
 */
export async function adoptStaged(
  target: DiffTarget,
  host: Pick<WindowsHost, 'files' | 'layers'>,
  report: ReportLink,
  signal?: AbortSignal,
): Promise<number> {
  const { diffId } = target;
  const totals = { totalEntries: 0, totalBytes: 0 };
  let [entries, bytes] = [0, 0];
  const onItem = (item: StagedItem) => {
    throwIfCancelled(signal);
    entries += 1;
    if (item.kind === 'file') bytes += item.size;
    report({ diffId, phase: 'check', path: item.path, entries, bytes, ...totals });
  };
  const after = await takeOut(target, host.files, onItem);
  throwIfCancelled(signal);
  report({ diffId, phase: 'import', path: '', entries, bytes, ...totals });
  await importStaged(target, after, host);
  return bytes;
}

async function takeOut(
  { stagedDir, layerDir }: DiffTarget,
  files: BackupFiles,
  onItem: (item: StagedItem) => void,
): Promise<AfterImport> {
  const directories: PendingDirectory[] = [];
  const tombstones: string[] = [];
  const links: PendingLink[] = [];
  const firstNames = new Map<bigint, string>();
  const present = new Set<string>();
  for await (const item of walkStaged(stagedDir)) {
    onItem(item);
    if (item.kind === 'tombstone') tombstones.push(item.path);
    else {
      present.add(pathKey(item.path));
      if (item.kind === 'directory') {
        directories.push({
          path: item.path,
          info: await directoryInfo(stagedDir, item.path, files),
        });
      } else if (item.fileId !== undefined) {
        const first = firstNames.get(item.fileId);
        if (first === undefined) firstNames.set(item.fileId, item.path);
        else links.push({ path: item.path, target: first, targetDir: layerDir });
      }
    }
  }
  for (const { path } of links) await remove(nativePath(stagedDir, path));
  await remove(nativePath(stagedDir, tombstonesFile));
  await remove(nativePath(stagedDir, recycleBin));
  await remove(nativePath(stagedDir, recycleBin) + directoryFileSuffix);
  const gone = tombstones.filter(path => !present.has(pathKey(path)));
  return { tombstones: gone, links, directories };
}

async function remove(path: string): Promise<void> {
  await withFailure('remove', path, () => rm(path, { recursive: true, force: true }));
}

async function directoryInfo(
  stagedDir: string,
  path: string,
  files: BackupFiles,
): Promise<BasicInfo> {
  const aside = nativePath(stagedDir, path) + directoryFileSuffix;
  if (isBelow(path, filesFolder)) {
    await using handle = await withFailure('read', aside, () => open(aside));
    const source = fileSource(handle, aside, { start: 0, end: attributesSize });
    return await readStagedInfo(source, aside, files);
  }
  if (path !== filesFolder && path !== hivesFolder) {
    throw malformed(nativePath(stagedDir, path), 'a step has nothing there');
  }
  const info = await plainInfo(stagedDir, path, files);
  // As hcsshim stages the folders at the top; whether Windows exports these files is not documented.
  const staged = await stagedFile({ path: aside, info }, files);
  await staged.write(nothing());
  await staged.close();
  return info;
}

async function* nothing(): Bytes {
  // No streams.
}
