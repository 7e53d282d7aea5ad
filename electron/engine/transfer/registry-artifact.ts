import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import {
  formatReference,
  parseReference,
  withDefaultTag,
  type ImageReference,
} from '../../../shared/oci/reference.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { once } from '../content/bytes.ts';
import { readDocument } from '../content/document-blob.ts';
import { verified } from '../content/verified.ts';
import type { ArtifactPlace, OutgoingArtifact } from '../image/artifact-place.ts';
import type { FetchBlob } from './blob-fetcher.ts';
import { sourcesOf } from './blob-sources.ts';
import { deliver } from './push-image.ts';
import { planBlob, tagOrDigest, type PushDeps } from './push-plan.ts';
import { sideBySide } from './side-by-side.ts';

export interface RegistryArtifactDeps extends PushDeps {
  readonly fetchBlob: FetchBlob;
}

/** An artifact under a name in a registry. Throws `reference-invalid`; what it does fails as pulls and pushes do. */
export function registryArtifact(reference: string, deps: RegistryArtifactDeps): ArtifactPlace {
  const { client, fetchBlob } = deps;
  const named = withDefaultTag(parseReference(reference));
  const documents = documentsOf(named, deps);
  return {
    async manifest(signal) {
      const asked = tagOrDigest(named);
      if ((await client.headManifest(named, asked, signal)) === undefined) return undefined;
      return await client.manifest(named, asked, signal);
    },
    document: async (blob, signal) => await readDocument(documents, blob, signal),
    async fetch(blob, onProgress, signal) {
      await fetchBlob(blob, sourcesOf(client, named, blob, 'registry'), {
        tell: ({ current }) => onProgress(current, blob.size),
        note: () => undefined,
        signal,
      });
    },
    write: async (artifact, signal) => await writeArtifact(named, artifact, deps, signal),
  };
}

/** Small blobs of a repository, verified and not kept. */
function documentsOf(named: ImageReference, { client }: RegistryArtifactDeps): BlobReader {
  return {
    has: async () => true,
    read: (blob, signal) => verified(blob, client.readBlob(named, blob, 0, signal)),
  };
}

async function writeArtifact(
  target: ImageReference,
  { config, layers, manifest }: OutgoingArtifact,
  deps: RegistryArtifactDeps,
  signal?: AbortSignal,
): Promise<number> {
  const { client, origins, parallel } = deps;
  if (target.digest !== undefined) {
    const problem = `${formatReference(target)} has a digest; only a tag can be written.`;
    throw new AppError({ code: 'bad-request', field: 'cacheTo', problem });
  }
  const delivered = await sideBySide(
    layers,
    parallel,
    async (layer, turn, stop) =>
      await turn(async () => {
        const planned = await planBlob(layer, target, deps, stop);
        return await deliver(planned, { target }, deps, { signal: stop });
      }),
    signal,
  );
  origins.record(
    target,
    layers.map(({ digest }) => digest),
  );
  const options = signal === undefined ? {} : { signal };
  const { bytes } = config;
  await client.uploadBlob(
    target,
    config.descriptor,
    offset => once(bytes.subarray(offset)),
    options,
  );
  await client.putManifest(target, tagOrDigest(target), manifest, signal);
  return delivered
    .filter(({ outcome }) => outcome === 'uploaded')
    .reduce((sum, { blob }) => sum + blob.size, sizeOf(config.descriptor, manifest.descriptor));
}

function sizeOf(...descriptors: readonly Descriptor[]): number {
  return descriptors.reduce((sum, { size }) => sum + size, 0);
}
