import type { Digest } from '../../../shared/oci/digest.ts';
import { documentLimit } from '../../../shared/oci/manifest.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { collected } from '../content/bytes.ts';

/** The documents of `blobs`, each read and verified once: images share bases, and names share images. */
export function readOnce(blobs: BlobReader): BlobReader {
  const known = new Map<Digest, Promise<Uint8Array>>();
  return {
    has: async (blob, signal) => await blobs.has(blob, signal),
    async *read(blob, signal) {
      if (blob.size > documentLimit) return yield* blobs.read(blob, signal);
      const content = known.get(blob.digest) ?? collected(blobs.read(blob, signal));
      known.set(blob.digest, content);
      const bytes = await content;
      // Another descriptor may say another size of the same digest: then the reader behind says what is wrong.
      if (bytes.byteLength !== blob.size) yield* blobs.read(blob, signal);
      else yield bytes;
    },
  };
}
