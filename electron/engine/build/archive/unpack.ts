import { pipeline } from 'node:stream/promises';
import { extract as createExtract, type Extract, type Header } from 'tar-stream';
import { AppError } from '../../../../shared/failure.ts';
import type { Bytes } from '../../content/bytes.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import type { Collected, Copyable } from '../copy/collect.ts';
import { checkLink } from '../sources/locate.ts';
import type { FileNode } from '../sources/source-tree.ts';
import { decompressed, packingOf } from './decompress.ts';
import type { Spool } from './spool.ts';

type Entry = Extract extends AsyncIterable<infer E> ? E : never;

const blockSize = 512;
const nsPerMs = 1_000_000n;
const archiveRoot = { label: 'the archive', absoluteLinks: 'refused' } as const;

/**
 * Tells whether a file is a tar, packed or not, by its content: Docker copies everything else as it is, such as a
 * gzip file with no tar inside.
 */
export async function isTarArchive(file: FileNode, signal?: AbortSignal): Promise<boolean> {
  try {
    const header = await firstBytes(await unpacked(file, signal), blockSize);
    return header.length === blockSize && hasTarChecksum(header);
  } catch (error) {
    if (error instanceof AppError) throw error;
    // The decompressor gave up within the first block: it only looked like an archive.
    return false;
  }
}

/**
 * Reads a tar and gives what it holds, in its order; the contents go into `spool`. Fails with `unpack-failed` for a
 * damaged archive, an entry that leaves it, or one that Windows cannot hold.
 */
export async function unpack(
  file: FileNode,
  spool: Spool,
  signal?: AbortSignal,
): Promise<Collected[]> {
  const extract = createExtract();
  const collected: Collected[] = [];
  const files = new Map<string, FileNode>();
  const fed = pipeline(await unpacked(file, signal), extract).catch(() => undefined);
  try {
    for await (const entry of extract) {
      throwIfCancelled(signal);
      const item = await readEntry(file, entry, { spool, files }, signal);
      if (item) collected.push(item);
      entry.resume();
    }
  } catch (error) {
    throw error instanceof AppError ? error : refused(file, `it is damaged (${messageOf(error)}).`);
  } finally {
    extract.destroy();
    await fed;
  }
  return collected;
}

interface Reading {
  readonly spool: Spool;
  /** The files so far, which hard links may name. */
  readonly files: Map<string, FileNode>;
}

async function readEntry(
  archive: FileNode,
  entry: Entry,
  reading: Reading,
  signal?: AbortSignal,
): Promise<Collected | undefined> {
  const path = insidePath(archive, entry.header.name);
  if (path === '') return undefined;
  const node = await nodeOf(archive, path, entry, { ...reading, signal });
  if (node.kind === 'file') reading.files.set(path, node);
  return { place: 'below', path, node };
}

async function nodeOf(
  archive: FileNode,
  path: string,
  entry: Entry,
  { spool, files, signal }: Reading & { readonly signal: AbortSignal | undefined },
): Promise<Copyable> {
  const { header } = entry;
  const modified = timeOf(header);
  switch (header.type) {
    case 'directory':
      return { kind: 'directory', path, modified };
    case 'file':
    case 'contiguous-file': {
      const content = await spool.append(entry as Bytes, signal);
      return {
        kind: 'file',
        path,
        modified,
        size: content.size,
        fingerprint: async () => content.sha256,
        read: content.read,
      };
    }
    case 'link': {
      const target = files.get(insidePath(archive, header.linkname ?? ''));
      if (!target)
        throw refused(
          archive,
          `its entry "${path}" is a hard link to "${header.linkname}", which does not come before it.`,
        );
      return { ...target, path };
    }
    case 'symlink': {
      const link = {
        kind: 'symlink',
        path,
        modified,
        target: header.linkname ?? '',
        leadsToFolder: false,
      } as const;
      checkLink(archiveRoot, link);
      return link;
    }
    default:
      throw refused(
        archive,
        `its entry "${path}" is a ${header.type ?? 'thing of an unknown kind'}, which Windows does not have.`,
      );
  }
}

/** Leading slashes and `.` go away; `..` may stay inside the archive. */
function insidePath(archive: FileNode, name: string): string {
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined)
      throw refused(archive, `its entry "${name}" leaves the archive by "..".`);
  }
  return parts.join('/');
}

function timeOf({ mtime }: Header): bigint {
  const time = mtime?.getTime() ?? 0;
  return BigInt(Number.isFinite(time) ? time : 0) * nsPerMs;
}

async function unpacked(file: FileNode, signal?: AbortSignal): Promise<Bytes> {
  const head = await firstBytes(file.read(signal), 6);
  return decompressed(packingOf(head), file.read(signal));
}

async function firstBytes(content: Bytes, count: number): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for await (const chunk of content) {
    head = Buffer.concat([head, chunk.subarray(0, count - head.length)]);
    if (head.length >= count) break;
  }
  return head;
}

/** The checksum of a tar header counts its own eight bytes as spaces (POSIX ustar). */
function hasTarChecksum(header: Buffer): boolean {
  const field = header
    .toString('latin1', 148, 156)
    .replaceAll(/[\0 ]+/gu, ' ')
    .trim();
  if (!/^[0-7]+$/u.test(field)) return false;
  let sum = 8 * 0x20;
  header.forEach((byte, at) => {
    if (at < 148 || at >= 156) sum += byte;
  });
  return sum === Number.parseInt(field, 8);
}

function refused(archive: FileNode, problem: string): AppError {
  return new AppError({ code: 'unpack-failed', path: archive.path, problem });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
