import type { StepDestination, ResolvedStep } from '../../../../shared/dockerfile/resolved-step.ts';
import { AppError, explain } from '../../../../shared/failure.ts';
import type { SourceRange } from '../../../../shared/source-range.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import type { BlobStore } from '../../content/blob-store.ts';
import type { LayerIndexes } from '../../layer/layer-indexes.ts';
import { createBreathe } from '../breathe.ts';
import { createChangeSet, type Change } from '../copy/change-set.ts';
import { describeChanges } from '../copy/describe-changes.ts';
import type { ImageFiles } from '../copy/image-files.ts';
import { newDescriptors } from '../copy/owner.ts';
import { place } from '../copy/place.ts';
import { resolveTarget } from '../copy/resolve-target.ts';
import type { StepReport } from '../event-stream.ts';
import { formatPlatform } from '../../../../shared/oci/platform.ts';
import type { InputSource, StepInputs, Texts } from '../cache/inputs.ts';
import { timeTexts } from '../image-time.ts';
import { writeLayer } from '../write-layer.ts';
import type { StepInput, StepPlace, StepResult } from './step.ts';
import {
  prepareSources,
  type FileStep,
  type PreparedSource,
  type SourceDeps,
} from './step-sources.ts';

export interface StepDeps extends SourceDeps {
  readonly blobs: BlobStore;
  /** Takes the index of each layer that is written. */
  readonly indexes: Pick<LayerIndexes, 'keep'>;
  readonly compression: 'gzip' | 'zstd';
}

type FileChange = FileStep | Extract<ResolvedStep, { kind: 'workdir' }>;

/** Tells whether a step changes files without running anything: every backend does these in the same way. */
export function copiesFiles(step: ResolvedStep): step is FileChange {
  return step.kind === 'copy' || step.kind === 'add' || step.kind === 'workdir';
}

/** Takes the step's layer from the cache, or makes it. After a failure nothing of it is left. */
export async function runFileStep(
  step: FileChange,
  input: StepInput,
  { deps, place }: { readonly deps: StepDeps; readonly place: StepPlace },
  signal?: AbortSignal,
): Promise<StepResult> {
  const { report, cache } = place;
  const work =
    step.kind === 'workdir'
      ? workdirWork(step.destination)
      : await report.timed('resolve', () => copyWork(step, deps, report, signal));
  const inputs = inputsOf(work, input, deps);
  const { outcome: known, story } = await cache.find(inputs, signal);
  if (known) return { outcome: 'cached', ...known, story };
  const changes = await report.timed('extract', () => work.changes(input.files, signal));
  for (const line of describeChanges(changes)) report.note(line);
  const made =
    changes.length === 0 ? undefined : await write(changes, { step, input, deps, report }, signal);
  const outcome = made ? { layer: made.record } : {};
  cache.keep(inputs, outcome);
  return { outcome: 'ran', ...outcome, ...(made ? { entries: made.entries } : {}), story };
}

function inputsOf(
  { instruction, sources }: Work,
  { chainId, platform, times }: StepInput,
  { compression }: StepDeps,
): StepInputs {
  return {
    parent: chainId,
    platform: formatPlatform(platform),
    instruction,
    variables: {},
    sources,
    options: { ...timeTexts(times), compression },
  };
}

async function write(
  changes: readonly Change[],
  {
    step,
    input,
    deps,
    report,
  }: { step: FileChange; input: StepInput; deps: StepDeps; report: StepReport },
  signal?: AbortSignal,
) {
  const root = await input.files.find('', signal);
  const descriptors = newDescriptors(step.kind === 'workdir' ? undefined : step.chown);
  const options = { times: input.times, descriptors, ...(root ? { root } : {}) };
  return writeLayer({ changes, options, compression: deps.compression }, deps, report, signal);
}

/** What decides about a step's changes, and how to find them. */
interface Work {
  readonly instruction: Texts;
  readonly sources: readonly InputSource[];
  changes(files: ImageFiles, signal?: AbortSignal): Promise<Change[]>;
}

function workdirWork(destination: StepDestination): Work {
  return {
    instruction: { keyword: 'WORKDIR', folder: destination.path },
    sources: [],
    async changes(files, signal) {
      const target = await resolveTarget(files, destination.path, signal);
      const changes = createChangeSet(files);
      await changes.addFolder(target, undefined, signal);
      return changes.sorted();
    },
  };
}

async function copyWork(
  step: FileStep,
  deps: StepDeps,
  report: StepReport,
  signal?: AbortSignal,
): Promise<Work> {
  const sources = await prepareSources(step, deps, report, signal);
  return {
    instruction: instructionTexts(step, sources),
    sources: sources.map(({ input }) => input),
    async changes(files, signal) {
      const collected = [];
      for (const source of sources)
        for (const item of await source.take(signal)) collected.push(item);
      const changes = createChangeSet(files);
      const placed = await place(collected, step.destination, files, signal);
      const breathe = createBreathe();
      for (const [at, item] of placed.entries()) {
        await breathe();
        throwIfCancelled(signal);
        await changes.add(item, signal);
        report.progress({ phase: 'extract', current: at + 1, total: placed.length, unit: 'files' });
      }
      return changes.sorted();
    },
  };
}

/** The parts of COPY and ADD as resolved, each under the name that a person would give it. */
function instructionTexts(step: FileStep, sources: readonly PreparedSource[]): Texts {
  const { destination, chown } = step;
  return {
    keyword: step.kind.toUpperCase(),
    destination: destination.isFolder ? `${destination.path}/` : destination.path,
    ...Object.fromEntries(sources.map(({ written }, at) => [`source ${at + 1}`, written])),
    ...(chown === undefined ? {} : { '--chown': chown }),
    ...(step.excludes.length === 0 ? {} : { '--exclude': step.excludes.join(' ') }),
    ...(step.kind === 'copy' && step.parents ? { '--parents': 'true' } : {}),
    ...(step.kind === 'add' && step.keepGitDir === true ? { '--keep-git-dir': 'true' } : {}),
    ...(step.kind === 'add' && step.unpack !== undefined ? { '--unpack': `${step.unpack}` } : {}),
  };
}

/** Puts a failure of a step at its place in the Dockerfile; what is not ours to word stays a bug. */
export function placedFailure(error: unknown, file: string, range: SourceRange): unknown {
  if (!(error instanceof AppError) || error.failure.code === 'cancelled') return error;
  const { message, advice } = explain(error.failure);
  const failure = {
    code: 'step-failed',
    file,
    range,
    message,
    ...(advice === undefined ? {} : { advice }),
  } as const;
  return new AppError(failure, { cause: error });
}
