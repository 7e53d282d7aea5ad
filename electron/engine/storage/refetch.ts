import { explain, failureOf } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isIndex, isManifest } from '../../../shared/oci/media-types.ts';
import { parseReference } from '../../../shared/oci/reference.ts';
import { once } from '../content/bytes.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import type { Store } from '../content/store.ts';
import { verified } from '../content/verified.ts';
import type { RegistryReader, Repository } from '../registry/registry-client.ts';
import { sampleRegistry } from '../sample/with-samples.ts';
import {
  createBlobFetcher,
  type FetchBlob,
  type FetcherOptions,
} from '../transfer/blob-fetcher.ts';
import { blobOrigins } from '../transfer/blob-origins.ts';
import { sourcesOf } from '../transfer/blob-sources.ts';

/** What came of looking for a blob elsewhere. */
export interface Refetched {
  /** The repository that had it; undefined where none did. */
  readonly from?: string;
  readonly tried: readonly { readonly place: string; readonly problem: string }[];
}

/** Brings a blob into the store again. `names` are the images that need it. The caller holds `store.lock.shared()`. */
export type Refetch = (
  blob: Descriptor,
  names: readonly string[],
  signal?: AbortSignal,
) => Promise<Refetched>;

/** A cut is tried again a few times only: there may be other places. */
const patience: FetcherOptions = {
  retries: { attempts: 3, firstDelayMs: 500, longestDelayMs: 2000 },
  stallMs: 30_000,
};

/** Fetches from where blobs have been seen, and from the repositories that images are named after. */
export function refetchFrom(client: RegistryReader, store: Store): Refetch {
  const fetchBlob = createBlobFetcher(store, patience);
  const origins = blobOrigins(store.dir);
  return async (blob, names, signal) => {
    const tried: { place: string; problem: string }[] = [];
    for (const place of placesOf([
      ...origins.everywhere(blob.digest),
      ...names.flatMap(repositoryOf),
    ])) {
      const shown = `${place.registry}/${place.repository}`;
      try {
        await fetchFrom(place, blob, { client, store, fetchBlob, signal });
        return { from: shown, tried };
      } catch (error) {
        throwIfCancelled(signal);
        tried.push({ place: shown, problem: explain(failureOf(error)).message });
      }
    }
    return { tried };
  };
}

interface Fetching {
  readonly client: RegistryReader;
  readonly store: Store;
  readonly fetchBlob: FetchBlob;
  readonly signal: AbortSignal | undefined;
}

async function fetchFrom(
  place: Repository,
  blob: Descriptor,
  { client, fetchBlob, signal, store }: Fetching,
): Promise<void> {
  if (isManifest(blob.mediaType) || isIndex(blob.mediaType)) {
    const { bytes } = await client.manifest(place, blob.digest, signal);
    await store.blobs.write(blob, verified(blob, once(bytes)), signal);
    return;
  }
  const quiet = { tell: () => undefined, note: () => undefined, signal };
  await fetchBlob(blob, sourcesOf(client, place, blob, 'urls'), quiet);
}

/** A name that is no reference, or one of our samples, leads to no registry. */
function repositoryOf(name: string): readonly Repository[] {
  try {
    const { registry, repository } = parseReference(name);
    return registry === sampleRegistry ? [] : [{ registry, repository }];
  } catch {
    return [];
  }
}

function placesOf(repositories: readonly Repository[]): readonly Repository[] {
  const places = new Map(repositories.map(each => [`${each.registry}/${each.repository}`, each]));
  return [...places.values()];
}
