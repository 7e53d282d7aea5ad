import { createHash } from 'node:crypto';
import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { sha256Digest, type Digest } from '../../../shared/oci/digest.ts';
import type { Bytes } from './bytes.ts';

/**
 * Passes `content` on, and throws blob-mismatch unless it is exactly what `blob` describes. The last chunk is
 * held back until then, so a reader that saw the end saw the right content.
 */
export async function* verified(blob: Descriptor, content: Bytes): Bytes {
  const hash = createHash('sha256');
  let size = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of content) {
    if (held !== undefined) yield held;
    held = chunk;
    hash.update(chunk);
    size += chunk.byteLength;
    if (size > blob.size) break;
  }
  checkContent(blob, { digest: sha256Digest(hash.digest('hex')), size });
  if (held !== undefined) yield held;
}

/** Throws blob-mismatch unless `actual` is what `blob` describes. */
export function checkContent(
  blob: Descriptor,
  actual: { readonly digest: Digest; readonly size: number },
): void {
  if (actual.size === blob.size && actual.digest === blob.digest) return;
  throw new AppError({
    code: 'blob-mismatch',
    expected: blob.digest,
    expectedSize: blob.size,
    actual: actual.digest,
    actualSize: actual.size,
  });
}

/** The digest of bytes, or of a text's UTF-8 form. */
export function digestOf(content: Uint8Array | string): Digest {
  return sha256Digest(createHash('sha256').update(content).digest('hex'));
}
