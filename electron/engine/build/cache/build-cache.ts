import { AppError } from '../../../../shared/failure.ts';
import type { BuildRequest } from '../../../../shared/ipc/build-request.ts';
import { canonicalReference } from '../../../../shared/oci/reference.ts';
import type { Store } from '../../content/store.ts';
import type { ArtifactPlace } from '../../image/artifact-place.ts';
import { folderArtifact } from '../../image/folder-artifact.ts';
import type { LayerIndexes } from '../../layer/layer-indexes.ts';
import type { Emit } from '../event-stream.ts';
import { stepIdOf } from '../plan.ts';
import type { PreparedBuild } from '../prepare.ts';
import { bypassOf } from './bypass.ts';
import { openStepRecords } from './open-records.ts';
import { exportCache } from './share/export-cache.ts';
import { cacheArtifactType } from './share/format.ts';
import { sharedCaches, type OpenCachePlace } from './share/shared-caches.ts';
import { createStepCache, type StepCache } from './step-cache.ts';

export interface BuildCacheDeps {
  readonly store: Store;
  /** Makes the indexes of layers that come from shared caches. */
  readonly indexes: Pick<LayerIndexes, 'get'>;
  readonly buildId: string;
  readonly emit: Emit;
  /** A cache under a name in a registry; absent where none can be reached. */
  readonly registryArtifact?: (reference: string) => ArtifactPlace;
}

/** The cache of one build. */
export interface BuildCache {
  readonly steps: StepCache;
  /** Writes what was built to where the request says. Failures are told as warnings. */
  share(signal?: AbortSignal): Promise<void>;
}

/** Opens the cache of a build. Throws `bad-request` and `reference-invalid` for wishes that cannot be right. */
export function openBuildCache(
  prepared: PreparedBuild,
  request: BuildRequest,
  deps: BuildCacheDeps,
): BuildCache {
  const { buildId, emit, indexes, store } = deps;
  const { plan } = prepared;
  checkPlaces(request);
  const bypass = bypassOf(request, plan.stages);
  const open = placeOpener(deps);
  const { cacheFrom, cacheTo } = request;
  const steps = createStepCache({
    opened: openStepRecords(store.dir),
    blobs: store.blobs,
    buildId,
    dockerfile: plan.file,
    bypass,
    ...(cacheFrom.length === 0 ? {} : { shared: sharedCaches(cacheFrom, { open, indexes }) }),
  });
  return {
    steps,
    async share(signal) {
      const built = { done: steps.done, imageStages: imageStages(prepared) };
      for (const target of cacheTo) {
        const { text, written } = await exportCache(target, built, open, signal);
        tell(prepared, emit, text, written);
      }
    },
  };
}

function placeOpener({ registryArtifact, store }: BuildCacheDeps): OpenCachePlace {
  return place => {
    if (place.type === 'local') return folderArtifact(place.dir, cacheArtifactType, store);
    if (registryArtifact) return registryArtifact(place.ref);
    throw new AppError({
      code: 'bad-request',
      field: 'cacheFrom',
      problem: 'no registry can be reached from here.',
    });
  };
}

/** A cache that took the name of the image would take its place in the registry. */
function checkPlaces({ cacheTo, tags }: BuildRequest): void {
  const names = new Set(tags.map(canonicalReference));
  for (const { place } of cacheTo) {
    if (place.type === 'local' || !names.has(canonicalReference(place.ref))) continue;
    const problem = `${place.ref} is the name of the image; a cache needs a name of its own.`;
    throw new AppError({ code: 'bad-request', field: 'cacheTo', problem });
  }
}

/** The stage of the image, and those that it goes on from. */
function imageStages({ plan, stages }: PreparedBuild): ReadonlySet<number> {
  const found = new Set<number>();
  let at = plan.stages.target;
  while (at !== undefined && !found.has(at)) {
    found.add(at);
    const base = stages.find(({ stage }) => stage.index === at)?.base;
    at = base?.kind === 'stage' ? base.index : undefined;
  }
  return found;
}

/** At the last step of the image: the build as a whole has no log. */
function tell({ plan }: PreparedBuild, emit: Emit, text: string, isGood: boolean): void {
  const stage = plan.stages.stages.find(({ index }) => index === plan.stages.target);
  if (!stage) return;
  const stepId = stepIdOf(stage, stage.instructions.length);
  const { range } = stage.instructions.at(-1) ?? stage.from;
  if (isGood) emit({ kind: 'step-output', stepId, stream: 'note', lines: [text] });
  else emit({ kind: 'step-warning', stepId, range, message: text });
}
