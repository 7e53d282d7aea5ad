import { isIndex, isManifest } from '../../../shared/oci/media-types.ts';
import type { BlobReader, BlobStore } from '../../engine/content/blob-store.ts';
import type { Bytes } from '../../engine/content/bytes.ts';
import { verified } from '../../engine/content/verified.ts';
import type { RegistryReader, Repository } from '../../engine/registry/registry-client.ts';

/** What blobs of a repository are read with. */
export interface RemoteBlobParts {
  readonly client: RegistryReader;
  /** The user's store: what is here need not be fetched. */
  readonly store: BlobReader;
  /** Where fetched blobs are kept while they are looked into. */
  readonly kept: BlobStore;
}

/** The blobs of a repository, each fetched when it is read first, and only then. */
export function remoteBlobs(
  { client, store, kept }: RemoteBlobParts,
  repository: Repository,
): BlobReader {
  return {
    // The registry says so itself: asking for each layer would only take time.
    has: async () => true,
    async *read(blob, signal) {
      if (await store.has(blob, signal)) return yield* store.read(blob, signal);
      if (!(await kept.has(blob, signal))) {
        const isDocument = isManifest(blob.mediaType) || isIndex(blob.mediaType);
        const content = isDocument
          ? once((await client.manifest(repository, blob.digest, signal)).bytes)
          : client.readBlob(repository, blob, 0, signal);
        await kept.write(blob, verified(blob, content), signal);
      }
      yield* kept.read(blob, signal);
    },
  };
}

async function* once(content: Uint8Array): Bytes {
  yield content;
}
