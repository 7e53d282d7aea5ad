import type { BlobReader, BlobStore } from '../../engine/content/blob-store.ts';
import type { RegistryReader, Repository } from '../../engine/registry/registry-client.ts';
import { remoteContent } from '../../engine/remote/remote-content.ts';

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
        await kept.write(blob, remoteContent(client, repository, blob, signal), signal);
      }
      yield* kept.read(blob, signal);
    },
  };
}
