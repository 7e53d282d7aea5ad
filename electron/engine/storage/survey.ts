import { join } from 'node:path';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { Holding, HoldingProvider } from '../content/holding.ts';
import type { Store } from '../content/store.ts';
import type { State } from '../state/state.ts';
import { buildHoldings } from './build-holdings.ts';
import { oldStepHoldings, stepCacheHoldings } from './cache-holdings.ts';
import { downloadHoldings } from './download-holdings.ts';
import { foreignHoldings, layerFileHoldings } from './file-holdings.ts';
import { imageHoldings, removeImageHoldings } from './image-holdings.ts';
import type { Survey } from './ledger.ts';
import { readEntries, type ReadEntries } from './read-images.ts';
import { draftHoldings, otherHoldings } from './small-holdings.ts';
import { windowsHoldings } from './windows-holdings.ts';

/** What the storage of a store is made of. */
export interface StorageParts {
  readonly store: Store;
  readonly state: State;
  /** Parts of the store that others look after; by default what the hcs backend keeps. */
  readonly providers?: readonly HoldingProvider[];
  readonly now?: () => number;
}

/** A survey, and how to remove what is in it. */
export interface StoreSurvey extends Survey {
  readonly damaged: ReadEntries['damaged'];
  /** Removes holdings, but no blobs. The caller holds the exclusive lock. */
  remove(holdings: readonly Holding[], goneBlobs: ReadonlySet<Digest>): Promise<void>;
}

/** Looks at all that is in a store. Changes nothing. */
export async function surveyStore(parts: StorageParts, signal?: AbortSignal): Promise<StoreSurvey> {
  const { store } = parts;
  const read = await readEntries(store, signal);
  const images = await imageHoldings(store, read);
  const owners = new Map<Holding, HoldingProvider>();
  const others = parts.providers ?? (await windowsHoldings(store));
  for (const provider of [...ownProviders(parts), ...others]) {
    for (const holding of await provider.list(signal)) owners.set(holding, provider);
  }
  const blobs = new Map<Digest, number>();
  for await (const { digest, size } of store.blobs.list()) blobs.set(digest, size);
  return {
    holdings: [...images, ...owners.keys()],
    blobs,
    damaged: read.damaged,
    async remove(holdings, goneBlobs) {
      const byOwner = Map.groupBy(holdings, holding => owners.get(holding));
      await removeImageHoldings(store, byOwner.get(undefined) ?? [], goneBlobs);
      byOwner.delete(undefined);
      for (const [owner, owned] of byOwner) await owner?.remove(owned, signal);
    },
  };
}

function ownProviders({ now, state, store }: StorageParts): readonly HoldingProvider[] {
  const { dir } = store;
  return [
    stepCacheHoldings(store),
    oldStepHoldings(dir),
    layerFileHoldings(dir, 'layer-index', now),
    layerFileHoldings(dir, 'layer-cache', now),
    downloadHoldings(dir, now),
    buildHoldings(dir, state),
    draftHoldings(dir),
    foreignHoldings('aside', [join(dir, 'ingest')]),
    otherHoldings(dir),
  ];
}
