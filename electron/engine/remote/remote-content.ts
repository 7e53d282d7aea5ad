import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isIndex, isManifest } from '../../../shared/oci/media-types.ts';
import { once, type Bytes } from '../content/bytes.ts';
import { verified } from '../content/verified.ts';
import type { RegistryReader, Repository } from '../registry/registry-client.ts';

/** What `blob` describes, out of a repository and verified; manifests and indexes are asked for as such. */
export async function* remoteContent(
  client: RegistryReader,
  repository: Repository,
  blob: Descriptor,
  signal?: AbortSignal,
): Bytes {
  const isDocument = isManifest(blob.mediaType) || isIndex(blob.mediaType);
  const content = isDocument
    ? once((await client.manifest(repository, blob.digest, signal)).bytes)
    : client.readBlob(repository, blob, 0, signal);
  yield* verified(blob, content);
}
