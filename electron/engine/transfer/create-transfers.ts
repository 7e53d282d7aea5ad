import type { Store } from '../content/store.ts';
import type { LayerIndexes } from '../layer/layer-indexes.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import { createBlobFetcher, type FetcherOptions } from './blob-fetcher.ts';
import { blobOrigins } from './blob-origins.ts';
import { exportBundle } from './bundle.ts';
import { composeIndex } from './compose-index.ts';
import { importBundle } from './import-bundle.ts';
import { pullImage } from './pull-image.ts';
import { planPush, pushImage } from './push-image.ts';
import { registryArtifact } from './registry-artifact.ts';
import type { Transfers } from './transfers.ts';

/** What transfers are made of. */
export interface TransfersDeps {
  readonly client: RegistryClient;
  readonly store: Store;
  readonly indexes: LayerIndexes;
  /** Blobs of one transfer that are moved at a time. */
  readonly parallel?: number;
  /** How cuts and stalls of downloads are dealt with. */
  readonly fetching?: FetcherOptions;
}

const defaultParallel = 4;

/** Makes the transfers of a store. Make them once in a process: pulls share what they download through them. */
export function createTransfers(given: TransfersDeps): Transfers {
  const { client, store, indexes, parallel = defaultParallel } = given;
  const fetchBlob = createBlobFetcher(store, given.fetching);
  const origins = blobOrigins(store.dir);
  const deps = { client, store, indexes, parallel, fetchBlob, origins };
  return {
    pull: (reference, options) => pullImage(reference, deps, options),
    planPush: (request, settings = {}) => planPush(request, deps, settings),
    push: (request, settings = {}) => pushImage(request, deps, settings),
    composeIndex(request, settings = {}) {
      const pull = (reference: string) =>
        pullImage(reference, deps, { ...settings, choice: { kind: 'all' } });
      return composeIndex(request, { store, pull }, settings.signal);
    },
    artifact: reference => registryArtifact(reference, deps),
    exportBundle: (images, path, options) => exportBundle(images, path, deps, options),
    importBundle: (path, settings = {}) => importBundle(path, store, settings),
  };
}
