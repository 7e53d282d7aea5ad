import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { BuildStage } from '../../../shared/dockerfile/stages.ts';
import { AppError, failureOf } from '../../../shared/failure.ts';
import type { BackendChoice, BuildEvent, BuildResult } from '../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import { withConfig, type Image } from '../../../shared/oci/image.ts';
import { canonicalReference, parseReference } from '../../../shared/oci/reference.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import type { Store } from '../content/store.ts';
import { readManifest } from '../image/read-image.ts';
import { writeImage } from '../image/write-image.ts';
import { createSlots } from '../layer/slots.ts';
import { createLayerIndexes, type LayerIndexes } from '../layer/layer-indexes.ts';
import type { HcsSupport } from './backends/hcs/support.ts';
import { openBackend } from './backends/open-backend.ts';
import type { ArtifactPlace } from '../image/artifact-place.ts';
import type { BaseImageSource } from '../image/base-image-source.ts';
import { pullEvents } from './pull-events.ts';
import { createBases, type Bases } from './bases.ts';
import { createEmit, type Emit } from './event-stream.ts';
import { sourceDateEpochOf } from './image-time.ts';
import { plannedStages, type BuildPlan, type PlanDeps } from './plan.ts';
import { prepareBuild, type PreparedBuild } from './prepare.ts';
import { createScratch, type Scratch } from './scratch.ts';
import { createSourceRoots } from './source-roots.ts';
import type { StageImage } from './stage-image.ts';
import { createTrees } from './stage-files.ts';
import { openBuildCache } from './cache/build-cache.ts';
import type { StepCache } from './cache/step-cache.ts';
import type { StepDeps } from './steps/file-step.ts';
import { runStage, type StageDeps } from './steps/run-stage.ts';

/** What a build needs of the outside. */
export interface BuildDeps extends PlanDeps {
  readonly store: Store;
  readonly baseImages: BaseImageSource;
  readonly host: Host;
  /** For SOURCE_DATE_EPOCH. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** A shared cache under a name in a registry; absent where no registry can be reached. */
  readonly registryArtifact?: (reference: string) => ArtifactPlace;
  /** What runs containers on this machine; absent where nothing can. */
  readonly hcs?: HcsSupport;
  /** Folder for what is kept of the build besides its events: logs of installers that failed. Made when needed. */
  readonly filesDir?: string;
  /** Chosen by the caller so that it can be listed before it starts; a new one otherwise. */
  readonly buildId?: string;
  readonly onEvent: (event: BuildEvent) => void;
}

/**
 * Builds an image and puts it into the store. Every event reaches `onEvent`, the last one is
 * `build-finished` or `build-failed`; then the promise settles the same way. After a failure the store holds complete
 * blobs and cache records only; nothing names them.
 */
export async function runBuild(
  request: BuildRequest,
  deps: BuildDeps,
  signal?: AbortSignal,
): Promise<BuildResult> {
  const start = performance.now();
  const emit = createEmit(deps.onEvent);
  const dockerfile = request.dockerfile ?? path.join(request.contextDir, 'Dockerfile');
  const buildId = deps.buildId ?? randomUUID();
  emit({
    kind: 'build-started',
    buildId,
    backend: request.backend === 'hcs' ? 'hcs' : 'portable',
    contextDir: request.contextDir,
    dockerfile,
  });
  try {
    const built = await build(request, { ...deps, emit, buildId }, signal);
    const result = { ...built, durationMs: Math.round(performance.now() - start) };
    emit({ kind: 'build-finished', result });
    return result;
  } catch (error) {
    const failed = signal?.aborted ? new AppError({ code: 'cancelled' }, { cause: error }) : error;
    emit({ kind: 'build-failed', failure: failureOf(failed) });
    throw failed;
  }
}

type Built = Omit<BuildResult, 'durationMs'>;
type Running = BuildDeps & { readonly emit: Emit; readonly buildId: string };

async function build(request: BuildRequest, deps: Running, signal?: AbortSignal): Promise<Built> {
  const { store, emit } = deps;
  const tags = request.tags.map(tagOf);
  using _lock = await store.lock.shared(signal);
  await using scratch = createScratch(() => store.newScratchPath());
  const bases = createBases({ source: deps.baseImages, blobs: store.blobs, host: deps.host });
  const onPlan = ({ stages }: BuildPlan, choice: BackendChoice): void =>
    emit({ kind: 'build-planned', stages: plannedStages(stages), choice });
  const onPull = (stage: BuildStage) => pullEvents(stage, emit);
  const prepared = await prepareBuild(request, { ...deps, bases, onPlan, onPull }, signal);
  const indexes = createLayerIndexes(store.dir, store.blobs);
  const cache = openBuildCache(prepared, request, { ...deps, indexes });
  try {
    const running = { ...deps, bases, indexes, scratch, cache: cache.steps };
    const { image } = await buildStages(prepared, request, running, signal);
    const built = await finish(withLabels(image, request.labels), tags, store, signal);
    await cache.share(signal);
    return built;
  } finally {
    cache.steps.close();
  }
}

function tagOf(tag: string): string {
  if (parseReference(tag).digest === undefined) return canonicalReference(tag);
  throw new AppError({
    code: 'bad-request',
    field: 'tags',
    problem: `"${tag}" has a digest; a tag is a name of your own.`,
  });
}

interface StageRunning extends Running {
  readonly bases: Bases;
  readonly indexes: LayerIndexes;
  readonly scratch: Scratch;
  readonly cache: StepCache;
}

/** Builds all stages, those side by side that do not need each other. The first failure stops the rest. */
async function buildStages(
  prepared: PreparedBuild,
  request: BuildRequest,
  deps: StageRunning,
  signal?: AbortSignal,
): Promise<StageImage> {
  const controller = new AbortController();
  const both = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
  const images = new Map<number, Promise<StageImage>>();
  const stageImage = (index: number): Promise<StageImage> => {
    const image = images.get(index);
    if (!image) throw new Error(`stage ${index} is needed and not planned`);
    return image;
  };
  const { stageDeps, save } = await stageDepsOf(prepared, request, { ...deps, stageImage });
  for (const stage of prepared.stages) {
    const running = runStage(stage, stageDeps, both);
    images.set(stage.stage.index, running);
    running.catch(() => controller.abort());
  }
  try {
    await Promise.all(images.values());
    return await stageImage(prepared.plan.stages.target ?? -1);
  } finally {
    // Whatever still runs must have stopped before its scratch space goes away.
    await Promise.allSettled(images.values());
    await save();
  }
}

async function stageDepsOf(
  { plan, choice }: PreparedBuild,
  request: BuildRequest,
  deps: StageRunning & Pick<StageDeps, 'stageImage'>,
): Promise<{ readonly stageDeps: StageDeps; readonly save: () => Promise<void> }> {
  const { cache, indexes, store, scratch, emit, stageImage, environment } = deps;
  const cacheDir = path.join(store.dir, 'cache');
  const trees = createTrees(indexes);
  const roots = createSourceRoots({
    ...deps,
    request,
    trees,
    dockerfile: plan.file,
    platform: plan.platform,
    blobs: store.blobs,
    stageName: index => plan.stages.stages.find(stage => stage.index === index)?.name ?? `${index}`,
    statCacheDir: path.join(cacheDir, 'stat'),
  });
  const epoch = sourceDateEpochOf(
    request.sourceDateEpoch,
    request.buildArgs['SOURCE_DATE_EPOCH'],
    environment['SOURCE_DATE_EPOCH'],
  );
  const stepDeps: StepDeps = {
    indexes,
    scratch,
    root: (from, signal) => roots.root(from, signal),
    blobs: store.blobs,
    compression: request.compression,
    keepTimes: request.timestamps === 'preserve',
  };
  const stageDeps: StageDeps = {
    ...stepDeps,
    backend: await openBackend(choice, { ...deps, ...stepDeps, request }),
    cache,
    file: plan.file,
    firstStage: plan.stages.stages[0]?.index ?? 0,
    emit,
    trees,
    stageImage,
    timeChoice: { sourceDateEpoch: epoch, timestamps: request.timestamps },
    turn: createSlots(Math.max(2, availableParallelism())),
  };
  return { stageDeps, save: () => roots.save() };
}

function withLabels(image: Image, labels: Readonly<Record<string, string>>): Image {
  if (Object.keys(labels).length === 0) return image;
  return withConfig(image, config => ({
    ...config,
    config: { ...config.config, Labels: { ...config.config?.Labels, ...labels } },
  }));
}

async function finish(
  image: Image,
  tags: readonly string[],
  store: Store,
  signal?: AbortSignal,
): Promise<Built> {
  throwIfCancelled(signal);
  const descriptor = await writeImage(store.blobs, image, undefined, signal);
  const { config } = await readManifest(store.blobs, descriptor, signal);
  for (const tag of tags.length > 0 ? tags : [undefined])
    await store.names.set(tag, descriptor, signal);
  return {
    manifestDigest: descriptor.digest,
    configDigest: config.digest,
    tags,
    layers: image.layersBaseFirst.length,
  };
}
