import { lstat, open, type FileHandle } from 'node:fs/promises';
import { errnoOf, withFailure } from '../../content/file-system.ts';
import type { Bytes } from '../../content/bytes.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import { fileSource } from '../../layer/backup/backup-source.ts';
import { entryFieldsOf } from '../../layer/backup/basic-info.ts';
import { readContent, scanStreams } from '../../layer/backup/scan-streams.ts';
import { scannedEntries } from '../../layer/backup/scanned-entries.ts';
import type { LayerEntry } from '../../layer/entry.ts';
import type { BackupFiles, BasicInfo } from '../host.ts';
import {
  attributesSize,
  directoryFileSuffix,
  filesFolder,
  hivesFolder,
  isBelow,
  nativePath,
} from './staged-names.ts';
import { malformed } from './tombstones.ts';
import { walkStaged, type StagedItem } from './walk-staged.ts';

/** An entry of an exported layer. */
export interface ExportedEntry {
  readonly entry: LayerEntry;
  /** Of files and streams; to be read before the next entry is asked for. Chunks are valid until the next. */
  readonly content?: () => Bytes;
}

type Files = Pick<BackupFiles, 'basicInfo'>;

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
  const rootInfo = await rootTimes(exportDir, files);
  for await (const item of walkStaged(exportDir)) {
    throwIfCancelled(signal);
    if (item.kind === 'tombstone') {
      yield { entry: { kind: 'whiteout', path: item.path, attributes: 0, modified: 0n } };
    } else if (isBelow(item.path, filesFolder)) {
      yield* stagedEntries(exportDir, item, firstNames, files);
    } else yield await plainEntry(exportDir, item, rootInfo, files);
  }
}

/**
 * What is outside of the volume is stored as it is. Its times of creation and access, and those of the folders at the
 * top, come from the export and not from the step, which is why hcsshim replaces them.
 */
async function plainEntry(
  exportDir: string,
  item: Exclude<StagedItem, { readonly kind: 'tombstone' }>,
  rootInfo: BasicInfo | undefined,
  files: Files,
): Promise<ExportedEntry> {
  const { path } = item;
  const native = nativePath(exportDir, path);
  const own = await files.basicInfo(native);
  const isRoot = path === filesFolder || path === hivesFolder;
  const times = isRoot ? (rootInfo ?? own) : own;
  const fields = {
    path,
    ...entryFieldsOf({
      ...times,
      attributes: own.attributes,
      creationTime: times.lastWriteTime,
      lastAccessTime: times.lastWriteTime,
    }),
  };
  if (item.kind === 'directory') return { entry: { ...fields, kind: 'directory' } };
  const { size } = item;
  return { entry: { ...fields, kind: 'file', size }, content: () => wholeFile(native, size) };
}

async function rootTimes(exportDir: string, files: Files): Promise<BasicInfo | undefined> {
  const path = nativePath(exportDir, `${hivesFolder}/System_Delta`);
  try {
    await lstat(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  return files.basicInfo(path);
}

async function* wholeFile(native: string, size: number): Bytes {
  await using handle = await withFailure('read', native, () => open(native));
  yield* readContent(handle, native, { size, parts: [{ position: 0, offset: 0, size }] });
}

async function* stagedEntries(
  exportDir: string,
  item: Exclude<StagedItem, { readonly kind: 'tombstone' }>,
  firstNames: Map<bigint, string>,
  files: Files,
): AsyncGenerator<ExportedEntry> {
  const { path } = item;
  const native =
    nativePath(exportDir, path) + (item.kind === 'directory' ? directoryFileSuffix : '');
  await using handle = await openStaged(native);
  const info = {
    ...(await files.basicInfo(native)),
    attributes: await readAttributes(handle, native),
  };
  const fileId = item.kind === 'file' ? item.fileId : undefined;
  const target = fileId === undefined ? undefined : firstNames.get(fileId);
  if (target !== undefined) {
    yield { entry: { path, ...entryFieldsOf(info), kind: 'hard-link', target } };
    return;
  }
  const { size } = await withFailure('read', native, () => handle.stat());
  const range = { start: attributesSize, end: size };
  const streams = await scanStreams(fileSource(handle, path, range));
  const entries = scannedEntries(path, info, streams);
  const [main] = entries;
  if (main && (main.entry.kind === 'directory') !== (item.kind === 'directory') && !isLink(main)) {
    throw malformed(native, 'its attributes do not fit what it is');
  }
  if (fileId !== undefined && main?.entry.kind === 'file') firstNames.set(fileId, path);
  for (const { entry, content } of entries) {
    yield content ? { entry, content: () => readContent(handle, native, content) } : { entry };
  }
}

function isLink({ entry }: { readonly entry: LayerEntry }): boolean {
  return entry.kind === 'symlink';
}

async function openStaged(native: string): Promise<FileHandle> {
  try {
    return await withFailure('read', native, () => open(native));
  } catch (error) {
    if (native.endsWith(directoryFileSuffix)) {
      throw malformed(native, 'what is known of this directory is missing');
    }
    throw error;
  }
}

async function readAttributes(handle: FileHandle, native: string): Promise<number> {
  const bytes = Buffer.alloc(attributesSize);
  const read = () => handle.read(bytes, 0, attributesSize, 0);
  const { bytesRead } = await withFailure('read', native, read);
  if (bytesRead < attributesSize) throw malformed(native, 'it has no attributes');
  return bytes.readUInt32LE();
}
