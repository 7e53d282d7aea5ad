import { AppError } from '../../../shared/failure.ts';
import type { BaseTag } from '../../../shared/ipc/app-views.ts';
import type { RemoteTag } from '../../../shared/ipc/registry-views.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isIndex } from '../../../shared/oci/media-types.ts';
import { formatPlatform } from '../../../shared/oci/platform.ts';
import {
  familiarReference,
  parseReference,
  withDefaultTag,
  type ImageReference,
} from '../../../shared/oci/reference.ts';
import { rankForHost, type Host } from '../../../shared/windows/host-compatibility.ts';
import { describeTag } from '../catalogue/base-images.ts';
import type { ImageNames } from '../content/image-names.ts';
import { newerFirst } from '../image/choose-for-host.ts';
import { listImages, type ImageCandidate } from '../image/select-image.ts';
import { remoteReader, type RemoteReaderParts } from './remote-reader.ts';

export interface DescribeParts extends RemoteReaderParts {
  readonly names: Pick<ImageNames, 'resolve'>;
  readonly host: Host;
}

/** Each needs its manifest and config; no index of Windows images that is known has as many. */
const mostCandidates = 24;

/**
 * Looks up what a tag of a registry names: its Windows images with what they are, what of them is here, and whether this
 * host can run them. Fetches documents only. Throws as the client does, and `reference-invalid`.
 */
export async function describeRemoteTag(
  text: string,
  parts: DescribeParts,
  signal?: AbortSignal,
): Promise<RemoteTag> {
  const named = withDefaultTag(parseReference(text));
  const descriptor = await headOf(named, parts, signal);
  const reader = remoteReader(parts, named);
  const offered = await listImages(reader, descriptor, signal);
  const windows = ranked(offered, parts.host).slice(0, mostCandidates);
  const { digest: _, ...name } = named;
  const reference = familiarReference(name.tag === undefined ? named : name);
  const image = { reference, tag: named.tag ?? descriptor.digest, descriptor };
  const candidates: BaseTag[] = [];
  for (const candidate of windows) {
    candidates.push(await describeTag({ image, candidate }, reader, parts.host, signal));
  }
  const storedDigest = await storedDigestOf(text, parts);
  return {
    reference,
    tag: image.tag,
    digest: descriptor.digest,
    isIndex: isIndex(descriptor.mediaType),
    candidates,
    otherPlatforms: offered
      .filter(({ platform }) => platform.os !== 'windows')
      .map(({ platform }) => formatPlatform(platform)),
    ...(storedDigest === undefined ? {} : { storedDigest }),
  };
}

async function headOf(
  named: ImageReference,
  { client, cache }: DescribeParts,
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  const asked = named.digest ?? named.tag ?? 'latest';
  const head = await client.headManifest(named, asked, signal);
  if (head !== undefined) return head;
  // Some registries answer HEAD with less than GET; and only the latter says why something is not there.
  const { bytes, descriptor } = await client.manifest(named, asked, signal);
  cache.put(descriptor.digest, bytes);
  return descriptor;
}

function ranked(offered: readonly ImageCandidate[], host: Host): readonly ImageCandidate[] {
  const windows = offered.filter(({ platform }) => platform.os === 'windows');
  return rankForHost(windows.toSorted(newerFirst), host).map(({ candidate }) => candidate);
}

async function storedDigestOf(reference: string, { names }: DescribeParts) {
  try {
    return (await names.resolve(reference)).digest;
  } catch (error) {
    if (error instanceof AppError && error.failure.code === 'image-missing') return undefined;
    throw error;
  }
}
