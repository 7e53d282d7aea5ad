import type { Digest } from '../../../shared/oci/digest.ts';

/** Manifests and configs of images that are only looked at; the ones not used for longest go first. */
export interface DocumentCache {
  get(digest: Digest): Uint8Array | undefined;
  put(digest: Digest, bytes: Uint8Array): void;
}

/** Keeps at most `limit` bytes in memory. */
export function createDocumentCache(limit = 32 * 1024 * 1024): DocumentCache {
  const kept = new Map<Digest, Uint8Array>();
  let size = 0;

  function drop(digest: Digest): void {
    size -= kept.get(digest)?.byteLength ?? 0;
    kept.delete(digest);
  }

  return {
    get(digest) {
      const bytes = kept.get(digest);
      if (bytes === undefined) return undefined;
      // A map keeps the order in which entries came: this one is now the last to go.
      kept.delete(digest);
      kept.set(digest, bytes);
      return bytes;
    },
    put(digest, bytes) {
      if (bytes.byteLength > limit) return;
      drop(digest);
      kept.set(digest, bytes);
      size += bytes.byteLength;
      for (const [oldest] of kept) {
        if (size <= limit) return;
        drop(oldest);
      }
    },
  };
}
