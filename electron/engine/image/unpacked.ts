import { pipeline, Readable, type Duplex } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import type { AppError } from '../../../shared/failure.ts';
import type { Compression } from '../../../shared/oci/media-types.ts';
import type { Bytes } from '../content/bytes.ts';

/** Unpacks a layer as it streams. Throws what the source throws; where the packing is malformed, what `damaged` makes of it. */
export async function* unpacked(
  content: Bytes,
  compression: Compression,
  damaged: (problem: string) => AppError,
): Bytes {
  if (compression === 'none') return yield* content;
  const decoder: Duplex = compression === 'gzip' ? createGunzip() : createZstdDecompress();
  try {
    // Errors reach the reader of the last stream; the callback is only there to take them.
    yield* pipeline(Readable.from(content), decoder, () => undefined);
  } catch (error) {
    throw isPackingError(error) ? damaged(error.message) : error;
  }
}

/** Tells from the first bytes how a stream is packed: gzip (RFC 1952), zstd (RFC 8878), else not at all. */
export function compressionOfBytes(start: Uint8Array): Compression {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  const zstd = start[0] === 0x28 && start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd;
  return zstd ? 'zstd' : 'none';
}

/** Node gives zlib's and zstd's own codes: `Z_DATA_ERROR`, `ZSTD_error_corruption_detected`. */
function isPackingError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^Z(?:STD)?_/.test(String(error.code));
}
