import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isForeign } from '../../../shared/oci/media-types.ts';
import type { BlobReader, BlobStore } from '../content/blob-store.ts';
import { reachable } from '../content/graph.ts';
import { counted, type OnProgress } from './progress.ts';

/**
 * Copies an image or index with all it needs, leaves first, so that the target never holds a manifest without its
 * layers. Blobs that are there are skipped, and so are foreign layers that the source does not hold.
 * Throws blob-missing, blob-mismatch or image-invalid.
 */
export async function copyImage(
  from: BlobReader,
  to: BlobStore,
  image: Descriptor,
  options: {
    readonly onProgress?: OnProgress | undefined;
    readonly signal?: AbortSignal | undefined;
  } = {},
): Promise<void> {
  const { onProgress, signal } = options;
  const blobs = await reachable(from, [image], { skipMissing: false }, signal);
  for (const blob of blobs.values()) {
    const told = { blob: blob.digest, total: blob.size };
    if (await to.has(blob, signal)) {
      onProgress?.({ ...told, current: blob.size });
    } else if (!isForeign(blob.mediaType) || (await from.has(blob, signal))) {
      await to.write(blob, counted(told, from.read(blob, signal), onProgress), signal);
    }
  }
}
