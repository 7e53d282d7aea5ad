import { AppError, explain, failureOf } from '../../../../../shared/failure.ts';
import { formatBytes } from '../../../../../shared/format-bytes.ts';
import { showCachePlace, type CacheTarget } from '../../../../../shared/ipc/cache-place.ts';
import { throwIfCancelled } from '../../../content/cancel.ts';
import type { DoneStep } from '../step-cache.ts';
import { encodeCache, isCache } from './format.ts';
import type { OpenCachePlace } from './shared-caches.ts';

/** The steps of a build, and which of its stages the image is made of. */
export interface BuiltSteps {
  readonly done: readonly DoneStep[];
  readonly imageStages: ReadonlySet<number>;
}

/** What became of writing a cache, in a sentence. */
export interface CacheExport {
  readonly written: boolean;
  readonly text: string;
}

/** Writes a cache for other machines. The image is built already, so that a failure is told and not thrown. */
export async function exportCache(
  { mode, place }: CacheTarget,
  { done, imageStages }: BuiltSteps,
  open: OpenCachePlace,
  signal?: AbortSignal,
): Promise<CacheExport> {
  const shown = showCachePlace(place);
  try {
    const target = open(place);
    const existing = await target.manifest(signal);
    if (existing && !isCache(existing)) {
      const problem = 'something else than a cache is there, and is not written over';
      throw new AppError({ code: 'cache-invalid', place: shown, problem });
    }
    const steps = done.filter(({ stage }) => mode === 'max' || imageStages.has(stage));
    const artifact = encodeCache([...new Map(steps.map(step => [step.stepKey, step])).values()]);
    const bytes = await target.write(artifact, signal);
    const text = `Wrote the cache of ${steps.length} steps to ${shown}; ${formatBytes(bytes)} were not there yet.`;
    return { written: true, text };
  } catch (error) {
    throwIfCancelled(signal);
    if (!(error instanceof AppError)) throw error;
    const { message } = explain(failureOf(error));
    return { written: false, text: `The cache could not be written to ${shown}: ${message}` };
  }
}
