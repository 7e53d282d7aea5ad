import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { documentLimit } from '../../../shared/oci/manifest.ts';
import { isForeign, isIndex, isManifest } from '../../../shared/oci/media-types.ts';
import type { BlobReader } from '../content/blob-store.ts';
import type { Bytes } from '../content/bytes.ts';
import type { Store } from '../content/store.ts';
import { verified } from '../content/verified.ts';
import type { RegistryReader, Repository } from '../registry/registry-client.ts';
import type { FetchBlob } from './blob-fetcher.ts';
import { sourcesOf } from './blob-sources.ts';

export interface RemoteSources {
  readonly client: RegistryReader;
  readonly store: Store;
  readonly fetchBlob: FetchBlob;
}

/**
 * Reads the manifests, indexes and configs of a repository as if they were in the store: what is read and not there is
 * fetched, verified and kept. The caller holds `store.lock.shared()`.
 */
export function remoteDocuments(
  { client, store, fetchBlob }: RemoteSources,
  repository: Repository,
): BlobReader {
  const isDocument = ({ mediaType }: Descriptor) => isManifest(mediaType) || isIndex(mediaType);
  return {
    // Of layers only those count that are here: nobody reads a layer through this.
    has: async (blob, signal) => isDocument(blob) || (await store.blobs.has(blob, signal)),
    async *read(blob, signal) {
      if (!(await store.blobs.has(blob, signal))) {
        if (isDocument(blob)) {
          const { bytes } = await client.manifest(repository, blob.digest, signal);
          await store.blobs.write(blob, verified(blob, once(bytes)), signal);
        } else if (blob.size <= documentLimit && !isForeign(blob.mediaType)) {
          const quiet = { tell: () => undefined, note: () => undefined, signal };
          await fetchBlob(blob, sourcesOf(client, repository, blob, 'registry'), quiet);
        }
      }
      yield* store.blobs.read(blob, signal);
    },
  };
}

async function* once(content: Uint8Array): Bytes {
  yield content;
}
