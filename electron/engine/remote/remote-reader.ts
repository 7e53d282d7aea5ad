import { AppError } from '../../../shared/failure.ts';
import { documentLimit } from '../../../shared/oci/manifest.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { collected } from '../content/bytes.ts';
import type { RegistryReader, Repository } from '../registry/registry-client.ts';
import type { DocumentCache } from './document-cache.ts';
import { remoteContent } from './remote-content.ts';

export interface RemoteReaderParts {
  readonly client: RegistryReader;
  /** What is here need not be asked for; only this tells whether a layer is here. */
  readonly store: BlobReader;
  readonly cache: DocumentCache;
}

/**
 * Reads manifests, indexes and configs of a repository without putting anything into the store. Layers cannot be read;
 * `has` tells of them whether the store has them.
 */
export function remoteReader(
  { client, store, cache }: RemoteReaderParts,
  repository: Repository,
): BlobReader {
  return {
    has: async (blob, signal) => await store.has(blob, signal),
    async *read(blob, signal) {
      const kept = cache.get(blob.digest);
      if (kept !== undefined) return yield kept;
      if (await store.has(blob, signal)) return yield* store.read(blob, signal);
      if (blob.size > documentLimit) {
        const problem = `has ${blob.size} bytes, which is too large to be looked at`;
        throw new AppError({ code: 'image-invalid', digest: blob.digest, field: 'size', problem });
      }
      const bytes = await collected(remoteContent(client, repository, blob, signal));
      cache.put(blob.digest, bytes);
      yield bytes;
    },
  };
}
