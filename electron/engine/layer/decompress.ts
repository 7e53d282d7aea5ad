import { pipeline, Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { AppError } from '../../../shared/failure.ts';
import type { Bytes } from '../content/bytes.ts';
import { layerFault } from './layer-fault.ts';

/**
 * Large chunks: each one is a trip to the thread pool and back. With room for two the next trip begins as soon as one
 * ends, and not when somebody asks for more.
 */
const chunkSize = 1024 * 1024;
const inflateOptions = { chunkSize, readableHighWaterMark: 2 * chunkSize };

/** How a layer of this media type is stored (image-spec layer.md; Docker image manifest v2.2), or undefined. */
function compressionOf(mediaType: string): 'gzip' | 'zstd' | 'none' | undefined {
  if (/[.+]gzip$/.test(mediaType)) return 'gzip';
  if (/[.+]zstd$/.test(mediaType)) return 'zstd';
  return mediaType.endsWith('.tar') ? 'none' : undefined;
}

/**
 * The tar inside a layer blob, in chunks that are valid until the next one is asked for. Gzip of several members and zstd
 * of several frames are one stream. Fails with `layer-malformed` (of `digest`) if it is damaged or cut off, and with
 * whatever `blob` fails with.
 */
export async function* decompress(blob: Bytes, mediaType: string, digest: string): Bytes {
  const compression = compressionOf(mediaType);
  if (compression === 'none') return yield* blob;
  const fault = layerFault(digest);
  if (compression === undefined) throw fault(`it has the unknown media type ${mediaType}`, 0);
  const inflate = compression === 'gzip' ? createGunzip(inflateOptions) : zstdDecompressor();
  // The callback has nothing to do: the iteration below meets the same error.
  pipeline(Readable.from(blob, { highWaterMark: 1 }), inflate, () => undefined);
  let offset = 0;
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      offset += chunk.byteLength;
      yield chunk;
      release(chunk);
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    throw fault(`its ${compression} data is damaged or cut off (${error.message})`, offset);
  } finally {
    inflate.destroy();
  }
}

/**
 * Gives the memory back at once, where zlib has no more to write there: otherwise the collector would go through the
 * whole heap for every few chunks.
 */
function release({ buffer, byteOffset, byteLength }: Buffer): void {
  if (byteOffset + byteLength === buffer.byteLength) (buffer as ArrayBuffer).transfer(0);
}

function zstdDecompressor() {
  if (typeof createZstdDecompress !== 'function') {
    throw new AppError({ code: 'compression-unavailable', compression: 'zstd' });
  }
  return createZstdDecompress(inflateOptions);
}

function isZlibError(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && /^(Z_|ZSTD_)/.test(error.code);
}
