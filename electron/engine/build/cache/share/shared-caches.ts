import { AppError, explain, failureOf } from '../../../../../shared/failure.ts';
import { showCachePlace, type CachePlace } from '../../../../../shared/ipc/cache-place.ts';
import { throwIfCancelled } from '../../../content/cancel.ts';
import type { ArtifactPlace } from '../../../image/artifact-place.ts';
import type { LayerIndexes } from '../../../layer/layer-indexes.ts';
import type { SharedListener, SharedOutcome, SharedOutcomes } from '../step-cache.ts';
import { readCache, type OfferedStep } from './format.ts';

/** Opens a place; the artifact type is ours. */
export type OpenCachePlace = (place: CachePlace) => ArtifactPlace;

interface SharedCachesDeps {
  readonly open: OpenCachePlace;
  readonly indexes: Pick<LayerIndexes, 'get'>;
}

interface Known {
  readonly shown: string;
  readonly place: ArtifactPlace;
  readonly steps: ReadonlyMap<string, OfferedStep>;
}

/**
 * The caches that a build takes from, in their order. They are read when the first step asks, and a layer is fetched
 * when a step needs it. What cannot be had, or is not what it claims to be, is a warning, and the step runs.
 */
export function sharedCaches(
  places: readonly CachePlace[],
  deps: SharedCachesDeps,
): SharedOutcomes {
  let reading: Promise<readonly Known[]> | undefined;
  return {
    async find(stepKey, listener, signal) {
      const caches = await (reading ??= readAll(places, deps, listener, signal));
      for (const cache of caches) {
        const offered = cache.steps.get(stepKey);
        const found = offered && (await taken(offered, { cache, deps, listener }, signal));
        if (found) return found;
      }
      return undefined;
    },
  };
}

async function readAll(
  places: readonly CachePlace[],
  { open }: SharedCachesDeps,
  { warn }: SharedListener,
  signal?: AbortSignal,
): Promise<readonly Known[]> {
  const read = places.map(async (at): Promise<readonly Known[]> => {
    const shown = showCachePlace(at);
    try {
      const place = open(at);
      const steps = await readCache(place, shown, signal);
      if (steps) return [{ shown, place, steps }];
      warn(`There is no cache at ${shown} yet.`);
    } catch (error) {
      throwIfCancelled(signal);
      warn(`The cache ${shown} cannot be used: ${problemOf(error)}`);
    }
    return [];
  });
  return (await Promise.all(read)).flat();
}

interface Taking {
  readonly cache: Known;
  readonly deps: SharedCachesDeps;
  readonly listener: SharedListener;
}

/** Brings the layer here and looks through all of it: its digest, its diff ID, and that it is a layer of Windows at all. */
async function taken(
  { builtAt, layer }: OfferedStep,
  { cache, deps, listener }: Taking,
  signal?: AbortSignal,
): Promise<SharedOutcome | undefined> {
  const from = cache.shown;
  if (!layer) return { outcome: {}, from, builtAt };
  try {
    await cache.place.fetch(layer.descriptor, listener.progress, signal);
    const index = await deps.indexes.get(layer, signal ? { signal } : {});
    const { uncompressedSize } = index;
    const files = countFiles(index);
    return { outcome: { layer: { ...layer, uncompressedSize, files } }, from, builtAt };
  } catch (error) {
    throwIfCancelled(signal);
    listener.warn(
      `The cache ${from} has a layer for this step that cannot be used: ${problemOf(error)}`,
    );
    return undefined;
  }
}

function countFiles({
  count,
  kindAt,
}: Pick<Awaited<ReturnType<LayerIndexes['get']>>, 'count' | 'kindAt'>): number {
  let files = 0;
  for (let at = 0; at < count; at++) if (kindAt(at) !== 'directory') files++;
  return files;
}

/** What nobody foresaw stays a bug: it must not pass for a cache that is out of order. */
function problemOf(error: unknown): string {
  if (!(error instanceof AppError)) throw error;
  return explain(failureOf(error)).message;
}
