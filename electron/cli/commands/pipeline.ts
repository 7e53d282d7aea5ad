import path from 'node:path';
import { AppError, explain } from '../../../shared/failure.ts';
import { buildRequestSchema, type BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { PipelineImageState } from '../../../shared/ipc/pipeline-views.ts';
import {
  checkPipeline,
  planPipeline,
  type PipelinePlan,
  type PlannedImage,
} from '../../engine/pipeline/plan-pipeline.ts';
import { pipelineStatus, runPipeline } from '../../engine/pipeline/run-pipeline.ts';
import type { ConnectionFlags } from '../../engine/remote/connection-settings.ts';
import { createBuildManager } from '../../engine/state/build-manager.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { fullPairs } from '../pairs.ts';
import { PipelineProgress } from '../progress/pipeline-progress.ts';
import { table } from '../text/table.ts';
import { formatDuration } from '../text/units.ts';
import { runnerFor } from './build.ts';
import { connectStore } from './registries.ts';
import { withState, withStore } from './store.ts';

export interface PipelineFlags extends ConnectionFlags {
  readonly set?: readonly string[];
  readonly image?: readonly string[];
  readonly plan?: boolean;
  readonly jobs: string;
  /** commander's forms of `--no-fail-fast` and `--no-cache`. */
  readonly failFast: boolean;
  readonly cache: boolean;
  readonly pull: 'missing' | 'never';
  readonly backend: BuildRequest['backend'];
  readonly push?: boolean;
  readonly json?: boolean;
}

/** `layerwright pipeline`: builds the images of a ZPipeline in the order in which they need each other. */
export async function pipeline(
  context: CommandContext,
  given: string,
  flags: PipelineFlags,
): Promise<number> {
  const { cwd, terminal } = context;
  const file = path.resolve(cwd, given);
  const plan = await planPipeline(file, fullPairs('--set', flags.set ?? []));
  checkPipeline(file, plan.findings);
  for (const { message, range } of plan.findings)
    terminal.note(`warning: ${given}:${(range?.start.line ?? 0) + 1}: ${message}`);
  const images = chosen(plan.images, flags.image ?? []);
  if (flags.plan === true) return showPlan(context, { ...plan, images }, flags);
  if (plan.pushAfterAll && flags.push !== true)
    terminal.note('note: the pipeline asks for a push of all images; --push does it');
  const jobs = jobsOf(flags.jobs);
  return await buildAll(context, images, { ...flags, jobs });
}

function jobsOf(text: string): number {
  const jobs = Number(text);
  if (/^\d{1,3}$/.test(text) && jobs > 0) return jobs;
  const problem = `"${text}" is not a number of images, from 1 on`;
  throw new AppError({ code: 'bad-request', field: '--jobs', problem });
}

/** The images that were named with all that they need; all where none is named. */
function chosen(
  images: readonly PlannedImage[],
  names: readonly string[],
): readonly PlannedImage[] {
  if (names.length === 0) return images;
  const wanted = new Set(names);
  for (const name of names) {
    if (images.some(({ image }) => image === name)) continue;
    const problem = `there is no image "${name}"; there are ${images.map(({ image }) => image).join(', ')}`;
    throw new AppError({ code: 'bad-request', field: '--image', problem });
  }
  // Later waves first, so that one pass finds what is needed by what is needed.
  for (const { dependsOn, image } of images.toReversed())
    if (wanted.has(image)) for (const name of dependsOn) wanted.add(name);
  return images.filter(({ image }) => wanted.has(image));
}

function showPlan(
  { terminal }: CommandContext,
  plan: PipelinePlan,
  { json = false }: PipelineFlags,
): number {
  if (json) {
    terminal.json(plan);
    return exitCodes.ok;
  }
  const columns = [
    { title: 'WAVE', cell: ({ wave }: PlannedImage) => String(wave + 1) },
    { title: 'IMAGE', cell: ({ image }: PlannedImage) => image },
    { title: 'FILE', cell: ({ file }: PlannedImage) => file },
    { title: 'NEEDS', cell: ({ dependsOn }: PlannedImage) => dependsOn.join(', ') },
    { title: 'TAGS', cell: ({ tags }: PlannedImage) => tags.join(', ') },
  ];
  for (const line of table(columns, plan.images)) terminal.line(line);
  return exitCodes.ok;
}

async function buildAll(
  context: CommandContext,
  images: readonly PlannedImage[],
  flags: Omit<PipelineFlags, 'jobs'> & { readonly jobs: number },
): Promise<number> {
  const { signal, terminal } = context;
  return await withStore(context, async store =>
    withState(context, async state => {
      await using connection = await connectStore(context, store, flags);
      const { transfers } = connection;
      const manager = createBuildManager(
        state,
        runnerFor(context, { store, state, transfers }, undefined),
      );
      const progress = new PipelineProgress(
        images.map(({ image }) => image),
        line => terminal.note(line),
      );
      manager.subscribe((buildId, event) => progress.build(buildId, event));
      const states = await runPipeline(
        images.map(image => ({ ...image, request: requestOf(image, flags) })),
        {
          builds: manager,
          jobs: flags.jobs,
          failFast: flags.failFast,
          onChange: (image, state) => progress.image(image, state),
        },
        signal,
      );
      const status = pipelineStatus(states.values());
      if (status === 'succeeded' && flags.push === true)
        for (const tag of images.flatMap(({ tags }) => tags)) {
          const { target } = await transfers.push({ image: tag, foreign: 'skip' }, { signal });
          terminal.note(`pushed ${target}`);
        }
      if (flags.json === true) terminal.json({ status, images: resultsOf(images, states) });
      else for (const line of summaryLines(images, states)) terminal.line(line);
      if (status === 'succeeded') return exitCodes.ok;
      return signal.aborted ? exitCodes.cancelled : exitCodes.failed;
    }),
  );
}

function requestOf(
  { request }: PlannedImage,
  { backend, cache, pull }: Pick<PipelineFlags, 'backend' | 'cache' | 'pull'>,
): BuildRequest {
  const noCache = request.noCache === true || !cache;
  return buildRequestSchema.parse({ ...request, backend, pull, noCache });
}

function resultsOf(
  images: readonly PlannedImage[],
  states: ReadonlyMap<string, PipelineImageState>,
) {
  return images.map(({ image, tags, wave }) => ({ image, wave, tags, ...states.get(image) }));
}

function summaryLines(
  images: readonly PlannedImage[],
  states: ReadonlyMap<string, PipelineImageState>,
): readonly string[] {
  return images.map(({ image, tags }) => {
    const state = states.get(image);
    switch (state?.kind) {
      case 'built':
        return `${image}: built ${state.manifestDigest} in ${formatDuration(state.durationMs)}${tags.map(tag => `, ${tag}`).join('')}`;
      case 'failed':
        return `${image}: failed: ${explain(state.failure).message}`;
      case 'stopped':
        return `${image}: not built${state.because === undefined ? '' : `, because ${state.because} failed`}`;
      default:
        return `${image}: not built`;
    }
  });
}
