// oxlint-disable-next-line typescript/triple-slash-reference -- programs that only import this file must find it
/// <reference path="./unbzip2-stream.d.ts" />
import { PassThrough } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import unbzip2 from 'unbzip2-stream';
import xz from 'xz-decompress';
import type { Bytes } from '../../content/bytes.ts';

/** How an archive is packed. Recognised by its first bytes, never by its name. */
export type Packing = 'plain' | 'gzip' | 'bzip2' | 'xz' | 'zstd';

const magics: readonly (readonly [Packing, string])[] = [
  ['gzip', '1f8b08'],
  ['bzip2', '425a68'],
  ['xz', 'fd377a585a00'],
  ['zstd', '28b52ffd'],
];

/** Tells by the first bytes of a file (six are enough) how it is packed. */
export function packingOf(head: Uint8Array): Packing {
  const hex = Buffer.from(head.subarray(0, 6)).toString('hex');
  return magics.find(([, magic]) => hex.startsWith(magic))?.[0] ?? 'plain';
}

/** The content behind the packing. Throws whatever the decompressor throws for damaged input. */
export function decompressed(packing: Packing, content: Bytes): Bytes {
  switch (packing) {
    case 'plain':
      return owned(content);
    case 'gzip':
      return piped(content, createGunzip());
    case 'zstd':
      return piped(content, createZstdDecompress());
    case 'bzip2':
      return piped(content, unbzip2());
    case 'xz':
      return unxz(content);
  }
}

/** Streams keep chunks for a while, and those of `content` are only valid until the next one. */
async function* owned(content: Bytes): Bytes {
  for await (const chunk of content) yield Buffer.from(chunk);
}

async function* piped(content: Bytes, through: NodeJS.ReadWriteStream): Bytes {
  const output = new PassThrough();
  // What goes wrong on the way arrives through `output`, which the pipeline destroys with it.
  pipeline(owned(content), through, output).catch(() => undefined);
  yield* output;
}

/** Streams of Node and of the DOM are one class with two types; the package names the DOM's. */
const XzReadableStream = xz.XzReadableStream as unknown as new (
  packed: ReadableStream<Uint8Array>,
) => ReadableStream<Uint8Array>;

async function* unxz(content: Bytes): Bytes {
  const packed = ReadableStream.from(owned(content));
  const reader = new XzReadableStream(packed).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel();
  }
}
