import { constants, crc32, deflateRaw, zstdCompress } from 'node:zlib';
import { promisify } from 'node:util';
import { AppError } from '../../../shared/failure.ts';

/** How a layer is stored. */
export type LayerCompression = 'gzip' | 'zstd' | 'none';

/** Compresses a stream block by block, so that blocks can be done side by side. The result never varies. */
export interface BlockCodec {
  /** OCI media type of a layer that is stored so (image-spec layer.md). */
  readonly mediaType: string;
  /** Bytes of input for one block. */
  readonly blockSize: number;
  readonly header: Uint8Array;
  /** `before` is the block before this one; what comes out of all blocks, in order, is the stream. */
  compress(block: Buffer, before: Buffer | undefined, last: boolean): Promise<Uint8Array>;
  /** What follows the last block. Called once, after every block was passed to `compress` in order. */
  trailer(): Uint8Array;
}

/** Makes the codec of a compression; `level` as its format counts it. Fails if this Node cannot do it. */
export function createBlockCodec(compression: LayerCompression, level?: number): BlockCodec {
  switch (compression) {
    case 'gzip':
      return gzipCodec(level ?? constants.Z_DEFAULT_COMPRESSION);
    case 'zstd':
      return zstdCodec(level ?? constants.ZSTD_CLEVEL_DEFAULT);
    case 'none':
      return plainCodec();
  }
}

const deflateBlock = promisify(deflateRaw);
const deflateWindow = 32 * 1024;
const gzipBlock = 512 * 1024;
// RFC 1952: magic, deflate, no flags, no time, no extra flags, and "unknown" as the system, so that every machine writes the same.
const gzipHeader = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);

// One gzip member made of separately deflated blocks, as pigz does it: each block starts with the last
// 32 KiB of the one before as its dictionary and ends on a byte boundary (RFC 1951 3.2.4, empty stored block).
function gzipCodec(level: number): BlockCodec {
  let checksum = 0;
  let size = 0;
  return {
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    blockSize: gzipBlock,
    header: gzipHeader,
    compress(block, before, last) {
      checksum = crc32(block, checksum);
      size += block.byteLength;
      return deflateBlock(block, {
        level,
        // One output buffer is one trip to the thread pool; incompressible input grows by less than this.
        chunkSize: gzipBlock + 1024,
        finishFlush: last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
        ...(before ? { dictionary: before.subarray(-deflateWindow) } : {}),
      });
    },
    trailer() {
      const trailer = Buffer.alloc(8);
      trailer.writeUInt32LE(checksum, 0);
      trailer.writeUInt32LE(size % 2 ** 32, 4);
      return trailer;
    },
  };
}

const zstdBlock = 4 * 1024 * 1024;

// A frame for each block: RFC 8878 3 lets a stream be any number of frames.
function zstdCodec(level: number): BlockCodec {
  if (typeof zstdCompress !== 'function') {
    throw new AppError({ code: 'compression-unavailable', compression: 'zstd' });
  }
  const compressFrame = promisify(zstdCompress);
  const params = {
    [constants.ZSTD_c_compressionLevel]: level,
    [constants.ZSTD_c_checksumFlag]: 1,
    [constants.ZSTD_c_contentSizeFlag]: 1,
  };
  return {
    mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd',
    blockSize: zstdBlock,
    header: new Uint8Array(),
    compress: block =>
      compressFrame(block, { chunkSize: 1024 * 1024, params, pledgedSrcSize: block.byteLength }),
    trailer: () => new Uint8Array(),
  };
}

function plainCodec(): BlockCodec {
  return {
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    blockSize: gzipBlock,
    header: new Uint8Array(),
    compress: block => Promise.resolve(block),
    trailer: () => new Uint8Array(),
  };
}
