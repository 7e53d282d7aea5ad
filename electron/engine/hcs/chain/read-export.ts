import { lstat, open, type FileHandle } from 'node:fs/promises';
import {
  errnoOf,
  fileFailure,
  undefinedIfMissing,
  withFailure,
} from '../../content/file-system.ts';
import type { Bytes } from '../../content/bytes.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import { fileSource } from '../../layer/backup/backup-source.ts';
import { entryFieldsOf } from '../../layer/backup/basic-info.ts';
import { readContent, scanStreams } from '../../layer/backup/scan-streams.ts';
import { scannedEntries } from '../../layer/backup/scanned-entries.ts';
import type { LayerEntry } from '../../layer/entry.ts';
import type { BackupFiles, BasicInfo } from '../host.ts';
import {
  directoryFileSuffix,
  filesFolder,
  hivesFolder,
  isBelow,
  nativePath,
} from './staged-names.ts';
import { readStagedInfo } from './staged-file.ts';
import { malformed } from './tombstones.ts';
import { walkStaged, type StagedItem } from './walk-staged.ts';

/** An entry of an exported layer. */
export interface ExportedEntry {
  readonly entry: LayerEntry;
  /** Of files and streams; to be read before the next entry is asked for. Chunks are valid until the next. */
  readonly content?: Bytes;
}

type Files = Pick<BackupFiles, 'basicInfo'>;
type StagedFile = Exclude<StagedItem, { readonly kind: 'tombstone' }>;

/**
 * The entries of a layer out of the folder that `LayerStorage.exportLayer` wrote, in an order that is good for its tar:
 * parents first, further names of a file after its first, streams right after their file (hcsshim legacyLayerReader and
 * ociwclayer export). No content is held in memory. Fails with `export-malformed`, `backup-stream-malformed` and
 * `reparse-unsupported`.
 */
export async function* readExport(
  exportDir: string,
  files: Files,
  signal?: AbortSignal,
): AsyncGenerator<ExportedEntry> {
  const firstNames = new Map<bigint, string>();
  for await (const item of walkStaged(exportDir)) {
    throwIfCancelled(signal);
    if (item.kind === 'tombstone') {
      yield { entry: { kind: 'whiteout', path: item.path, attributes: 0, modified: 0n } };
    } else if (isBelow(item.path, filesFolder)) {
      yield* stagedEntries(exportDir, item, firstNames, files);
    } else yield await plainEntry(exportDir, item, files);
  }
}

async function plainEntry(
  exportDir: string,
  item: StagedFile,
  files: Files,
): Promise<ExportedEntry> {
  const { path } = item;
  const fields = { path, ...entryFieldsOf(await plainInfo(exportDir, path, files)) };
  if (item.kind === 'directory') return { entry: { ...fields, kind: 'directory' } };
  const { size } = item;
  const content = wholeFile(nativePath(exportDir, path), size);
  return { entry: { ...fields, kind: 'file', size }, content };
}

/**
 * What is known of something outside of the volume, which is stored as it is. Its times of creation and access, and
 * those of the folders at the top, come from the export and not from the step; hcsshim replaces them like this.
 */
export async function plainInfo(exportDir: string, path: string, files: Files): Promise<BasicInfo> {
  const own = await files.basicInfo(nativePath(exportDir, path));
  const isTop = path === filesFolder || path === hivesFolder;
  const { lastWriteTime, changeTime } = (isTop && (await hiveInfo(exportDir, files))) || own;
  const { attributes } = own;
  return {
    attributes,
    creationTime: lastWriteTime,
    lastAccessTime: lastWriteTime,
    lastWriteTime,
    changeTime,
  };
}

async function hiveInfo(exportDir: string, files: Files): Promise<BasicInfo | undefined> {
  const path = nativePath(exportDir, `${hivesFolder}/System_Delta`);
  const found = await withFailure('read', path, () => lstat(path).catch(undefinedIfMissing));
  return found && files.basicInfo(path);
}

async function* wholeFile(native: string, size: number): Bytes {
  await using handle = await withFailure('read', native, () => open(native));
  yield* readContent(handle, native, { size, parts: [{ position: 0, offset: 0, size }] });
}

async function* stagedEntries(
  exportDir: string,
  item: StagedFile,
  firstNames: Map<bigint, string>,
  files: Files,
): AsyncGenerator<ExportedEntry> {
  const { path } = item;
  const native =
    nativePath(exportDir, path) + (item.kind === 'directory' ? directoryFileSuffix : '');
  await using handle = await openStaged(native, item.kind);
  const { size } =
    item.kind === 'file' ? item : await withFailure('read', native, () => handle.stat());
  const source = fileSource(handle, path, { start: 0, end: size });
  const info = await readStagedInfo(source, native, files);
  const fileId = item.kind === 'file' ? item.fileId : undefined;
  const target = fileId === undefined ? undefined : firstNames.get(fileId);
  if (target !== undefined) {
    yield { entry: { path, ...entryFieldsOf(info), kind: 'hard-link', target } };
    return;
  }
  for (const { entry, content } of scannedEntries(path, info, await scanStreams(source))) {
    if (isOtherKind(entry, item)) throw malformed(native, 'its attributes do not fit what it is');
    if (fileId !== undefined && entry.kind === 'file') firstNames.set(fileId, path);
    yield content ? { entry, content: readContent(handle, native, content) } : { entry };
  }
}

/** A link may be either; anything else is what its staged form is. */
function isOtherKind({ kind }: LayerEntry, item: StagedFile): boolean {
  return (kind === 'file' || kind === 'directory') && kind !== item.kind;
}

async function openStaged(native: string, kind: 'file' | 'directory'): Promise<FileHandle> {
  try {
    return await open(native);
  } catch (error) {
    if (kind === 'directory' && errnoOf(error) === 'ENOENT') {
      throw malformed(native, 'what is known of this directory is missing');
    }
    throw fileFailure(error, 'read', native);
  }
}
