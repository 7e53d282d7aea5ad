import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isForeign } from '../../../shared/oci/media-types.ts';
import type { RegistryReader, Repository } from '../registry/registry-client.ts';
import type { BlobSource } from './blob-fetcher.ts';
import type { ForeignPull } from './transfers.ts';

/**
 * Where a blob of a repository can be had, in the order in which to ask: the registry, and for a foreign layer its
 * `urls` behind it. None where policy leaves the blob out.
 */
export function sourcesOf(
  client: RegistryReader,
  repository: Repository,
  blob: Descriptor,
  foreign: ForeignPull,
): readonly BlobSource[] {
  const registry = registrySource(client, repository, blob);
  if (!isForeign(blob.mediaType)) return [registry];
  if (foreign === 'skip') return [];
  if (foreign === 'registry') return [registry];
  return [registry, ...urlSources(client, blob)];
}

/** The `urls` of a foreign layer. */
export function urlSources(client: RegistryReader, blob: Descriptor): readonly BlobSource[] {
  return (blob.urls ?? []).map(url => urlSource(client, url, blob));
}

function registrySource(
  client: RegistryReader,
  repository: Repository,
  blob: Descriptor,
): BlobSource {
  const { registry, repository: name } = repository;
  return {
    place: `${registry}/${name}`,
    kind: 'registry',
    read: (offset, signal) => client.readBlob(repository, blob, offset, signal),
    wrongContent: problem =>
      new AppError({
        code: 'registry-protocol',
        registry,
        url: `${registry}/v2/${name}/blobs/${blob.digest}`,
        problem,
      }),
  };
}

function urlSource(client: RegistryReader, url: string, blob: Descriptor): BlobSource {
  return {
    place: url,
    kind: 'url',
    read: (offset, signal) => client.readForeign(url, blob, offset, signal),
    wrongContent: problem =>
      new AppError({ code: 'download-failed', url, problem: `it ${problem}` }),
  };
}
