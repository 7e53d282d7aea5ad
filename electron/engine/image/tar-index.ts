import { open, type FileHandle } from 'node:fs/promises';
import { posix } from 'node:path';
import { collected, type Bytes } from '../content/bytes.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import { withFailure } from '../content/file-system.ts';
import { tarBlock, tarPadding } from '../layer/tar-header.ts';
import { archiveInvalid, decodeExtension, decodeHeader, type TarBlock } from './tar-block.ts';

/** Where the content of a file inside a tar stands, in bytes. */
interface Extent {
  readonly offset: number;
  readonly size: number;
}

type Entry =
  | ({ readonly kind: 'file' } & Extent)
  | { readonly kind: 'link'; readonly target: string };

const entryLimit = 100_000;
const extensionLimit = 1024 * 1024;
const linkLimit = 8;
const readSize = 1024 * 1024;

/** A tar file whose entries can be read in any order; nothing is ever extracted, so no name in it can do harm. */
export class TarIndex implements AsyncDisposable {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(path: string, handle: FileHandle, entries: ReadonlyMap<string, Entry>) {
    this.path = path;
    this.#handle = handle;
    this.#entries = entries;
  }

  /** Size in bytes of the file `name`, links followed; undefined where there is none. */
  size(name: string): number | undefined {
    return this.#find(name)?.size;
  }

  /** The content of the file `name`. Throws archive-invalid where there is none. */
  async *read(name: string, signal?: AbortSignal): Bytes {
    const extent = this.#find(name);
    if (extent === undefined) throw archiveInvalid(this.path, `it has no file "${name}"`);
    for (let done = 0; done < extent.size;) {
      throwIfCancelled(signal);
      const length = Math.min(readSize, extent.size - done);
      const chunk = await readExactly(this.#handle, this.path, {
        offset: extent.offset + done,
        size: length,
      });
      done += length;
      yield chunk;
    }
  }

  /** A small file as text. Throws archive-invalid where there is none, or where it is larger than `limit` bytes. */
  async text(name: string, limit: number, signal?: AbortSignal): Promise<string> {
    if ((this.size(name) ?? 0) > limit)
      throw archiveInvalid(this.path, `"${name}" is larger than ${limit} bytes`);
    return (await collected(this.read(name, signal))).toString('utf8');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#handle.close();
  }

  #find(name: string): Extent | undefined {
    let entry = this.#entries.get(normalName(name));
    for (let links = 0; entry?.kind === 'link' && links < linkLimit; links += 1) {
      entry = this.#entries.get(entry.target);
    }
    return entry?.kind === 'file' ? entry : undefined;
  }
}

/** Opens a tar file and reads its headers, not its content. Throws archive-invalid, file-system. */
export async function openTar(path: string, signal?: AbortSignal): Promise<TarIndex> {
  const handle = await withFailure('open', path, () => open(path));
  try {
    return new TarIndex(path, handle, await scan(handle, path, signal));
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function scan(
  handle: FileHandle,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Entry>> {
  const { size: end } = await withFailure('look at', path, () => handle.stat());
  const entries = new Map<string, Entry>();
  let extensions = new Map<string, string>();
  for (let offset = 0; offset < end;) {
    throwIfCancelled(signal);
    const block = await readExactly(handle, path, {
      offset,
      size: Math.min(tarBlock, end - offset),
    });
    if (block.every(byte => byte === 0)) break;
    const header = decodeHeader(block, path, offset);
    // Extension headers have no size of their own but the one in the block.
    const size =
      header.extension === undefined ? Number(extensions.get('size') ?? header.size) : header.size;
    const extent = { offset: offset + tarBlock, size };
    checkExtent(extent, end, path);
    if (header.extension === undefined) {
      addEntry(entries, header, extensions, extent);
      extensions = new Map();
      if (entries.size > entryLimit)
        throw archiveInvalid(path, `it has more than ${entryLimit} entries`);
    } else {
      const body = await readExtension(handle, path, extent);
      for (const [key, value] of decodeExtension(header.extension, body, path))
        extensions.set(key, value);
    }
    offset = extent.offset + size + tarPadding(size);
  }
  return entries;
}

function checkExtent({ offset, size }: Extent, end: number, path: string): void {
  if (!Number.isSafeInteger(size) || size < 0)
    throw archiveInvalid(path, `a file in it has a malformed size`);
  if (offset + size > end) throw archiveInvalid(path, 'it is cut off');
}

function addEntry(
  entries: Map<string, Entry>,
  header: TarBlock,
  extensions: ReadonlyMap<string, string>,
  extent: Extent,
): void {
  const name = normalName(extensions.get('path') ?? header.name);
  const target = extensions.get('linkpath') ?? header.linkName;
  if (header.type === '0' || header.type === '\0' || header.type === '7') {
    entries.set(name, { kind: 'file', ...extent });
  } else if (header.type === '1') {
    entries.set(name, { kind: 'link', target: normalName(target) });
  } else if (header.type === '2') {
    entries.set(name, {
      kind: 'link',
      target: normalName(posix.join(posix.dirname(name), target)),
    });
  }
}

/** Names are only looked up among the entries: one that climbs out simply finds nothing. */
function normalName(name: string): string {
  return posix.normalize(name).replace(/^\/+/, '');
}

async function readExtension(handle: FileHandle, path: string, extent: Extent): Promise<Buffer> {
  if (extent.size > extensionLimit) throw archiveInvalid(path, 'a header in it is too large');
  return readExactly(handle, path, extent);
}

async function readExactly(
  handle: FileHandle,
  path: string,
  { offset, size }: Extent,
): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size);
  let done = 0;
  while (done < size) {
    const { bytesRead } = await withFailure('read', path, () =>
      handle.read(buffer, done, size - done, offset + done),
    );
    if (bytesRead === 0) throw archiveInvalid(path, 'it became shorter while it was read');
    done += bytesRead;
  }
  return buffer;
}
