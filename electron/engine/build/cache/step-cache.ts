import type { CacheBypass, StepCacheStory } from '../../../../shared/ipc/step-cache.ts';
import type { SourceRange } from '../../../../shared/source-range.ts';
import type { BlobReader } from '../../content/blob-store.ts';
import { stepKey, type StepInputs } from './inputs.ts';
import { keepInputs, type StepSurroundings } from './kept-inputs.ts';
import { newRecord, placeOf, type MadeStep } from './new-record.ts';
import type { StepBelow } from './differences.ts';
import type { StepOutcome } from './outcome.ts';
import type { OpenedRecords } from './open-records.ts';
import { storyOf } from './story.ts';
import { earlierOf, type StepRecord, type StepRecords } from './step-records.ts';

/** Which step it is, and what stands around it. */
export interface CachedStep extends StepSurroundings {
  readonly stepId: string;
  readonly stage: { readonly index: number; readonly name?: string };
  /** Number of the step in its stage; FROM is 0. */
  readonly position: number;
  readonly keyword: string;
  readonly range: SourceRange;
  /** The instruction as the author wrote it. */
  readonly text: string;
  /** The steps of its stage before it that made a layer. */
  readonly stepsBelow: readonly StepBelow[];
}

/** What the cache knows about one step. */
export interface StepSlot {
  /** What the step made when its inputs were the same; without an outcome it must run, and the story says why. */
  find(inputs: StepInputs, signal?: AbortSignal): Promise<Found>;
  /** Remembers what the step made. Never fails: what is not remembered is made again. */
  keep(inputs: StepInputs, outcome: StepOutcome): void;
}

export interface Found {
  readonly outcome?: StepOutcome;
  readonly story: StepCacheStory;
}

/** What steps of earlier builds made, for one build. */
export interface StepCache {
  step(step: CachedStep, listener: SharedListener): StepSlot;
  /** What went wrong with the cache itself, in sentences. */
  readonly problems: readonly string[];
  /** The steps with a key that are done, in the order in which they ended. */
  readonly done: readonly DoneStep[];
  /** Notes what was used, and lets go of the records. */
  close(): void;
}

/** What others know that this store does not. */
export interface SharedOutcomes {
  /** The outcome with its layer in this store, verified, and where it came from. Failures are told and count as nothing. */
  find(
    stepKey: string,
    listener: SharedListener,
    signal?: AbortSignal,
  ): Promise<SharedOutcome | undefined>;
}

/** Is told what happens while a step is taken from a shared cache. Amounts are in bytes. */
export interface SharedListener {
  readonly warn: (text: string) => void;
  readonly progress: (current: number, total: number) => void;
}

/** A step that is done, and what it made. */
export interface DoneStep {
  readonly stepKey: string;
  /** Number of its stage. */
  readonly stage: number;
  readonly outcome: StepOutcome;
  /** In ms since 1970. */
  readonly builtAt: number;
}

export interface SharedOutcome {
  readonly outcome: StepOutcome;
  readonly from: string;
  readonly builtAt: number;
}

export interface StepCacheOptions {
  readonly opened: OpenedRecords;
  readonly blobs: BlobReader;
  readonly buildId: string;
  /** Absolute path of the Dockerfile, or `-`. */
  readonly dockerfile: string;
  /** Why a step must not be taken from the cache. */
  readonly bypass: (step: CachedStep) => CacheBypass | undefined;
  readonly shared?: SharedOutcomes;
  readonly now?: () => number;
}

/** The cache of one build. A failure of the records ends their use, and is told at the step that met it. */
export function createStepCache(options: StepCacheOptions): StepCache {
  const { opened, now = Date.now } = options;
  const problems = opened.problem === undefined ? [] : [opened.problem];
  const done: DoneStep[] = [];
  const used = new Set<string>();
  let isBroken = false;
  const attempt: Attempt = (work, warn) => {
    const { records } = opened;
    if (!records || isBroken) return undefined;
    try {
      return work(records);
    } catch (error) {
      isBroken = true;
      const said = error instanceof Error ? error.message : String(error);
      const problem = `The step cache can no longer be used in this build: ${said}`;
      problems.push(problem);
      warn?.(problem);
      return undefined;
    }
  };
  const parts: Parts = { ...options, attempt, now, used, problems };
  return {
    problems,
    done,
    step: (step, listener) => ({
      async find(inputs, signal) {
        const key = stepKey(inputs);
        const found = await find(parts, { step, inputs, key, listener }, signal);
        const { outcome, story } = found;
        if (outcome && story.kind === 'matched') {
          const { builtAt } = story.earlier;
          done.push({ stepKey: key, stage: step.stage.index, outcome, builtAt });
        }
        return found;
      },
      keep(inputs, outcome) {
        const builtAt = now();
        done.push({ stepKey: stepKey(inputs), stage: step.stage.index, outcome, builtAt });
        remember(parts, { step, inputs, outcome, builtAt }, listener);
      },
    }),
    close() {
      if (used.size > 0) attempt(records => records.use([...used], now()));
      opened.records?.close();
    },
  };
}

type Attempt = <T>(
  work: (records: StepRecords) => T,
  warn?: SharedListener['warn'],
) => T | undefined;

interface Parts extends StepCacheOptions {
  readonly attempt: Attempt;
  readonly now: () => number;
  readonly used: Set<string>;
  readonly problems: readonly string[];
}

interface Asked {
  readonly step: CachedStep;
  readonly inputs: StepInputs;
  readonly key: string;
  readonly listener: SharedListener;
}

async function find(parts: Parts, asked: Asked, signal?: AbortSignal): Promise<Found> {
  const { key, listener } = asked;
  const by = parts.bypass(asked.step);
  if (by) return { story: { kind: 'asked', by } };
  const record = parts.attempt(records => records.find(key), listener.warn);
  const isThere = record !== undefined && (await hasLayer(parts.blobs, record, signal));
  if (record && isThere && record.droppedAt === undefined) {
    parts.used.add(key);
    return matched(record);
  }
  const shared = await parts.shared?.find(key, listener, signal);
  if (shared) {
    remember(parts, { ...asked, ...shared }, listener);
    return matched(shared);
  }
  return { story: missed(parts, asked, record) };
}

function remember(parts: Parts, made: MadeStep, { warn }: SharedListener): void {
  const { buildId, dockerfile, now } = parts;
  parts.attempt(
    records =>
      records.put(newRecord(made, { buildId, dockerfile, salt: records.salt, now: now() })),
    warn,
  );
}

async function hasLayer(
  blobs: BlobReader,
  { outcome }: StepRecord,
  signal?: AbortSignal,
): Promise<boolean> {
  return outcome.layer === undefined || (await blobs.has(outcome.layer.descriptor, signal));
}

function matched(record: Pick<StepRecord, 'outcome' | 'builtAt' | 'buildId' | 'from'>): Found {
  const { outcome } = record;
  const layer = outcome.layer?.descriptor.digest;
  const earlier = earlierOf(record);
  return {
    outcome,
    story: { kind: 'matched', earlier, ...(layer === undefined ? {} : { layer }) },
  };
}

function missed(
  parts: Parts,
  { step, inputs, listener }: Asked,
  same: StepRecord | undefined,
): StepCacheStory {
  const story = parts.attempt(records => {
    const place = placeOf(parts.dockerfile, step);
    const now = {
      inputs: keepInputs(inputs, step, records.salt),
      text: place.text,
      files: (at: number) => inputs.sources[at]?.files?.(),
    };
    const candidates = records.alike(place);
    const { dockerfile } = place;
    return storyOf({ now, same, candidates, dockerfile, below: step.stepsBelow }, records);
  }, listener.warn);
  return story ?? { kind: 'no-record', problem: parts.problems.at(-1) ?? 'It is not there.' };
}
