import { mkdir } from 'node:fs/promises';
import { errnoOf, fileFailure } from '../../content/file-system.ts';
import type { Bytes } from '../../content/bytes.ts';
import {
  alternateStream,
  entryStreams,
  type StreamedEntry,
} from '../../layer/backup/entry-streams.ts';
import type { LayerEntry } from '../../layer/entry.ts';
import type { BackupFiles, BasicInfo, WindowsHost } from '../host.ts';
import { importStaged, isPlainFile, type DiffTarget, type PendingLink } from './after-import.ts';
import { refused, type LayerChecker } from './check-layer.ts';
import {
  checkedInfo,
  openFile,
  type EntrySink,
  type PendingDirectory,
  type StreamTarget,
} from './entry-sink.ts';
import { createFileQueue } from './file-queue.ts';
import { realPaths, type RealPaths } from './real-path.ts';
import {
  directoryAttribute,
  directoryFileSuffix,
  filesFolder,
  hivesFolder,
  isBelow,
  nativePath,
  utilityVmFolder,
} from './staged-names.ts';
import { stagedFile } from './staged-file.ts';
import { createUtilityVm, type UtilityVmWriter } from './utility-vm.ts';

/**
 * Unpacks a layer over others: into the staged form for Windows to import (hcsshim's legacy form: a file holds 4 bytes
 * of attributes and its backup streams, what is known of a directory lies beside it), its utility VM right into the
 * layer. What the layer deletes and links is done after the import.
 */
export function createDiffSink(
  target: DiffTarget,
  checker: Pick<LayerChecker, 'has'>,
  host: Pick<WindowsHost, 'files' | 'layers'>,
): EntrySink {
  const { files } = host;
  const directories: PendingDirectory[] = [];
  const tombstones: string[] = [];
  const links: PendingLink[] = [];
  const queue = createFileQueue();
  const parents = target.parentsNearestFirst.map(dir => ({ dir, paths: realPaths(dir, files) }));
  let utilityVm: UtilityVmWriter | undefined;
  async function needUtilityVm(): Promise<UtilityVmWriter> {
    await queue.all();
    return (utilityVm ??= await createUtilityVm(target, files));
  }
  async function remove(path: string): Promise<void> {
    if (isBelow(path, filesFolder)) tombstones.push(path);
    // What stands in the layer itself is not meant: a whiteout is for the layers below (image-spec layer.md).
    else if (!checker.has(path)) await (await needUtilityVm()).remove(path);
  }
  async function addFile(entry: StreamedEntry, content: Bytes): Promise<void> {
    const { path } = entry;
    if (path === utilityVmFolder) return void (await needUtilityVm());
    const vm = isBelow(path, utilityVmFolder) ? await needUtilityVm() : undefined;
    const info = checkedInfo(entry);
    if (isDirectoryInfo(info)) directories.push({ path, info });
    await queue.open(path, () => vm?.open(entry) ?? stage(target.stagedDir, entry, info, files));
    await queue.write(entryStreams(isHive(entry) ? withoutSecurity(entry) : entry, content));
  }
  return {
    async add(entry, content) {
      if (entry.kind === 'stream') return await queue.write(alternateStream(entry, content));
      await queue.end();
      if (entry.kind === 'whiteout') await remove(entry.path);
      else if (entry.kind === 'hard-link') {
        links.push(await findTarget({ ...target, parents }, entry, checker));
      } else await addFile(entry, content);
    },
    async finish() {
      await queue.all();
      // As in `remove`; hcsshim deletes these, too.
      const gone = tombstones.filter(path => !checker.has(path));
      await importStaged(target, { tombstones: gone, links, directories }, host);
      if (utilityVm) {
        await host.layers.processUtilityVm(nativePath(target.layerDir, utilityVmFolder));
      }
    },
    abort: () => queue.all(),
  };
}

/** Where the file of a hard link may be. Layers below stay as they are, so what is known of their folders is kept. */
interface LinkPlaces extends Pick<DiffTarget, 'diffId' | 'layerDir'> {
  readonly parents: readonly { readonly dir: string; readonly paths: RealPaths }[];
}

/** The file may be in this layer, or in one below; then the nearest one counts. */
async function findTarget(
  { diffId, layerDir, parents }: LinkPlaces,
  { path, target }: Extract<LayerEntry, { readonly kind: 'hard-link' }>,
  checker: Pick<LayerChecker, 'has'>,
): Promise<PendingLink> {
  if (checker.has(target) || isBelow(target, utilityVmFolder)) {
    return { path, target, targetDir: layerDir };
  }
  for (const { dir, paths } of parents) {
    const attributes = await paths.attributesAt(target);
    if (attributes === undefined) continue;
    if (!isPlainFile(attributes))
      throw refused({ diffId }, path, `its target ${target} is no file`);
    return { path, target, targetDir: dir };
  }
  throw refused({ diffId }, path, `its target ${target} is in no layer below`);
}

/** Makes the staged form of an entry. */
async function stage(
  stagedDir: string,
  entry: StreamedEntry,
  info: BasicInfo,
  files: BackupFiles,
): Promise<StreamTarget> {
  const path = nativePath(stagedDir, entry.path);
  if (isHive(entry) && entry.kind === 'file') {
    return await openFile(files, { path, info: { ...info, attributes: 0 } }, 'file');
  }
  if (!isDirectoryInfo(info)) return await stagedFile({ path, info }, files);
  await makeDirectory(path);
  return await stagedFile({ path: path + directoryFileSuffix, info }, files);
}

/**
 * A link to a directory is an empty one here. hcsshim takes it away until the import, so that nothing gets below it;
 * here such a layer is refused before.
 */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw fileFailure(error, 'create', path);
  }
}

function isHive(entry: LayerEntry): boolean {
  return isBelow(entry.path, hivesFolder);
}

/** Hives are written without it (hcsshim legacyLayerWriter.Add). */
function withoutSecurity(entry: StreamedEntry): StreamedEntry {
  return { ...entry, securityDescriptor: new Uint8Array() };
}

function isDirectoryInfo({ attributes }: BasicInfo): boolean {
  return (attributes & directoryAttribute) !== 0;
}
