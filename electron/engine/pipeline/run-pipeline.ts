import { failureOf } from '../../../shared/failure.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import type { PipelineImageState } from '../../../shared/ipc/pipeline-views.ts';
import { createSlots } from '../layer/slots.ts';

/** What carries out the builds of a pipeline; a build manager is one. */
export interface PipelineBuilds {
  start(request: BuildRequest, signal?: AbortSignal): string | Promise<string>;
  settled(buildId: string): Promise<BuildSummary>;
  cancel(buildId: string): boolean | Promise<boolean>;
}

/** An image with the build that makes it; `dependsOn` names earlier ones. */
export interface PipelineBuild {
  readonly image: string;
  readonly dependsOn: readonly string[];
  readonly request: BuildRequest;
}

export interface PipelineOptions {
  readonly builds: PipelineBuilds;
  /** How many images are built side by side. */
  readonly jobs: number;
  /** The first failure stops everything; otherwise only what needs the image that failed. */
  readonly failFast: boolean;
  readonly onChange: (image: string, state: PipelineImageState) => void;
}

/**
 * Builds images side by side, each as soon as all that it needs is built. Never rejects: what became of each image is
 * its state. An abort stops what runs, and waits for it.
 */
export async function runPipeline(
  images: readonly PipelineBuild[],
  options: PipelineOptions,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, PipelineImageState>> {
  const controller = new AbortController();
  const both = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal;
  const turn = createSlots(options.jobs);
  const ends = new Map<string, Promise<PipelineImageState>>();
  /** The image whose failure stopped everything. */
  let stopper: string | undefined;

  async function buildImage(build: PipelineBuild): Promise<PipelineImageState> {
    for (const needed of build.dependsOn) {
      const state = await ends.get(needed);
      if (state?.kind === 'built') continue;
      if (state?.kind === 'failed') return stopped(needed);
      return stopped((state?.kind === 'stopped' ? state.because : undefined) ?? stopper);
    }
    return await turn(async () =>
      both.aborted ? stopped(stopper) : await oneBuild(build, options, both),
    );
  }

  for (const build of images) {
    const end = buildImage(build).then(state => {
      if (state.kind === 'failed' && options.failFast) {
        stopper ??= build.image;
        controller.abort();
      }
      options.onChange(build.image, state);
      return state;
    });
    ends.set(build.image, end);
  }
  const states = new Map<string, PipelineImageState>();
  for (const [image, end] of ends) states.set(image, await end);
  return states;
}

function stopped(because: string | undefined): PipelineImageState {
  return { kind: 'stopped', ...(because === undefined ? {} : { because }) };
}

async function oneBuild(
  { image, request }: PipelineBuild,
  { builds, onChange }: PipelineOptions,
  signal: AbortSignal,
): Promise<PipelineImageState> {
  let buildId: string | undefined;
  const cancel = (): void => {
    // Where the build can no longer be reached, waiting for its end tells what became of it.
    if (buildId !== undefined) Promise.resolve(builds.cancel(buildId)).catch(() => undefined);
  };
  try {
    buildId = await builds.start(request, signal);
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) cancel();
    onChange(image, { kind: 'running', buildId });
    return stateOf(await builds.settled(buildId));
  } catch (error) {
    return {
      kind: 'failed',
      failure: failureOf(error),
      ...(buildId === undefined ? {} : { buildId }),
    };
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

function stateOf({ buildId, failure, result, status }: BuildSummary): PipelineImageState {
  if (result !== undefined) {
    const { durationMs, manifestDigest } = result;
    return { kind: 'built', buildId, manifestDigest, durationMs };
  }
  if (status === 'cancelled' || failure === undefined || failure.code === 'cancelled')
    return { kind: 'stopped', buildId };
  return { kind: 'failed', buildId, failure };
}

/** What a pipeline came to as a whole. */
export function pipelineStatus(
  states: Iterable<PipelineImageState>,
): 'succeeded' | 'failed' | 'cancelled' {
  const kinds = new Set([...states].map(({ kind }) => kind));
  if (kinds.has('failed')) return 'failed';
  return kinds.has('stopped') ? 'cancelled' : 'succeeded';
}
