import type {
  StepDestination,
  ResolvedStep,
} from '../../../../shared/dockerfile/resolved-step.ts';
import { AppError, explain } from '../../../../shared/failure.ts';
import type { SourceRange } from '../../../../shared/source-range.ts';
import type { Digest } from '../../../../shared/oci/digest.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import type { BlobStore } from '../../content/blob-store.ts';
import type { LayerIndexes } from '../../layer/layer-indexes.ts';
import type { LayerEntry } from '../../layer/entry.ts';
import { createBreathe } from '../breathe.ts';
import { createChangeSet, type Change } from '../copy/change-set.ts';
import { describeChanges } from '../copy/describe-changes.ts';
import type { ImageFiles } from '../copy/image-files.ts';
import type { TimePolicy } from '../copy/layer-entries.ts';
import { newDescriptors } from '../copy/owner.ts';
import { place } from '../copy/place.ts';
import { resolveTarget } from '../copy/resolve-target.ts';
import type { StepReport } from '../event-stream.ts';
import { timeKey } from '../image-time.ts';
import { stepKey, type StepCache, type StepLayerRecord } from '../step-cache.ts';
import { writeLayer } from '../write-layer.ts';
import { prepareSources, type FileStep, type SourceDeps } from './step-sources.ts';

/** The image before a step. */
export interface StepInput {
  /** Of the layers so far; absent where there is none. */
  readonly chainId: Digest | undefined;
  readonly files: ImageFiles;
  readonly times: TimePolicy;
}

/** What a step did to the files. */
export interface StepResult {
  readonly outcome: 'ran' | 'cached';
  readonly layer?: StepLayerRecord;
  /** The entries of the layer where it was just written. */
  readonly entries?: readonly LayerEntry[];
}

export interface StepDeps extends SourceDeps {
  readonly blobs: BlobStore;
  /** Takes the index of each layer that is written. */
  readonly indexes: Pick<LayerIndexes, 'keep'>;
  readonly cache: StepCache;
  readonly compression: 'gzip' | 'zstd';
}

type FileChange = FileStep | Extract<ResolvedStep, { kind: 'workdir' }>;

/** Tells whether a step can change files, and is one that the portable backend can do. */
export function changesFiles(step: ResolvedStep): step is FileChange {
  return step.kind === 'copy' || step.kind === 'add' || step.kind === 'workdir';
}

/** Takes the step's layer from the cache, or makes it. After a failure nothing of it is left. */
export async function runStep(
  step: FileChange,
  input: StepInput,
  { deps, report }: { readonly deps: StepDeps; readonly report: StepReport },
  signal?: AbortSignal,
): Promise<StepResult> {
  const work =
    step.kind === 'workdir'
      ? workdirWork(step.destination)
      : await report.timed('resolve', () => copyWork(step, deps, report, signal));
  const key = stepKey([input.chainId, work.key, timeKey(input.times), deps.compression]);
  const known = await deps.cache.get(key, signal);
  if (known) {
    report.note(
      'From the cache: the layers below, the instruction and its sources are the same as before.',
    );
    return { outcome: 'cached', ...known };
  }
  const changes = await report.timed('extract', () => work.changes(input.files, signal));
  for (const line of describeChanges(changes)) report.note(line);
  const made =
    changes.length === 0 ? undefined : await write(changes, { step, input, deps, report }, signal);
  const outcome = made ? { layer: made.record } : {};
  await deps.cache.put(key, outcome);
  return { outcome: 'ran', ...outcome, ...(made ? { entries: made.entries } : {}) };
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
  readonly key: unknown;
  changes(files: ImageFiles, signal?: AbortSignal): Promise<Change[]>;
}

function workdirWork(destination: StepDestination): Work {
  return {
    key: ['workdir', destination.path],
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
  const { path, isFolder } = step.destination;
  return {
    key: [step.kind, path, isFolder, step.chown, sources.map(({ key }) => key)],
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
