import type { Bytes } from '../../content/bytes.ts';
import { basicInfoOf, type BasicInfo } from '../../layer/backup/basic-info.ts';
import type { LayerEntry } from '../../layer/entry.ts';
import type { BackupFiles } from '../host.ts';
import { directoryAttribute, nativePath } from './staged-names.ts';

/** Takes the entries of a layer, in tar order, after they were checked. */
export interface EntrySink {
  add(entry: LayerEntry, content: Bytes): Promise<void>;
  /** After the last entry, once the layer is verified: what is left to do to make a layer of it. */
  finish(): Promise<void>;
  /** Closes what is open and leaves the folder as it is. Harmless after `finish`. */
  abort(): Promise<void>;
}

/** A directory whose times are set when nothing below it changes any more. */
export interface PendingDirectory {
  /** Inside the layer, with `/`. */
  readonly path: string;
  readonly info: BasicInfo;
}

/** What Windows is told of an entry that was checked. */
export function checkedInfo(entry: LayerEntry): BasicInfo {
  const info = basicInfoOf(entry);
  if (!info) throw new Error(`the times of ${entry.path} were not checked`);
  return entry.kind === 'directory'
    ? { ...info, attributes: info.attributes | directoryAttribute }
    : info;
}

/** A file whose backup streams are being written. */
export interface StreamTarget {
  write(streams: Bytes): Promise<void>;
  close(): Promise<void>;
}

/** A file to be made. */
export interface NewFile {
  readonly path: string;
  readonly info: BasicInfo;
  /** Files that get the same streams. */
  readonly copies?: readonly string[];
}

/**
 * Makes a file, or opens a directory, and sets what is known of it: times that are set through a handle are not
 * changed by what is written through it. After a failure nothing stays open.
 */
export async function openFile(
  files: BackupFiles,
  { path, info, copies = [] }: NewFile,
  kind: 'file' | 'directory',
): Promise<StreamTarget> {
  const main = await files.create(path, kind);
  const all = [main];
  const close = async () => {
    const results = await Promise.allSettled(all.map(file => file.close()));
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  };
  try {
    await main.setBasicInfo(info);
    for (const copy of copies) all.push(await files.create(copy, 'file'));
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
  return {
    async write(streams) {
      for await (const chunk of gathered(streams)) {
        for (const file of all) await file.write(chunk);
      }
    },
    close,
  };
}

const gatherSize = 256 * 1024;

/** Joins small chunks, so that a call of the system moves more than a header. Chunks are valid until the next. */
export async function* gathered(bytes: Bytes): Bytes {
  let buffer: Buffer | undefined;
  let filled = 0;
  for await (const chunk of bytes) {
    if (buffer && filled + chunk.byteLength > gatherSize) {
      yield buffer.subarray(0, filled);
      filled = 0;
    }
    if (chunk.byteLength >= gatherSize) yield chunk;
    else {
      buffer ??= Buffer.allocUnsafe(gatherSize);
      buffer.set(chunk, filled);
      filled += chunk.byteLength;
    }
  }
  if (buffer && filled > 0) yield buffer.subarray(0, filled);
}

/** Children before parents, as hcsshim's reapplyDirectoryTimes does; `directories` stand in tar order. */
export async function setDirectoryTimes(
  layerDir: string,
  directories: readonly PendingDirectory[],
  files: BackupFiles,
): Promise<void> {
  for (const { path, info } of directories.toReversed()) {
    await files.setBasicInfo(nativePath(layerDir, path), info);
  }
}
