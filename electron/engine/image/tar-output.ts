import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Bytes } from '../content/bytes.ts';
import { cancellable } from '../content/cancel.ts';
import { replaceFile } from '../content/file-system.ts';
import { encodeTarHeader, tarBlock, tarPadding } from '../layer/tar-header.ts';

/** A file for a tar. `content` must give exactly `size` bytes. */
export interface TarFile {
  readonly name: string;
  readonly size: number;
  readonly content: Bytes;
}

/** A tar with nothing in it that depends on who makes it or when: mode 0644, owner root, time 0. */
export async function* tarBytes(files: AsyncIterable<TarFile>): Bytes {
  for await (const { name, size, content } of files) {
    yield encodeTarHeader({
      path: name,
      type: 'file',
      mode: 0o644,
      size,
      modified: 0n,
      pax: new Map(),
    });
    yield* content;
    yield new Uint8Array(tarPadding(size));
  }
  yield new Uint8Array(2 * tarBlock);
}

/** A small text as a file for a tar. */
export function textFile(name: string, text: string): TarFile {
  const content = Buffer.from(text);
  return { name, size: content.byteLength, content: Readable.from([content]) };
}

/** Writes a file aside and renames it into place, over what was there. A failure leaves nothing behind. */
export async function writeAside(
  path: string,
  content: Bytes,
  signal?: AbortSignal,
): Promise<void> {
  await replaceFile(path, `${path}.${randomUUID()}.partial`, cancellable(content, signal));
}
