import { createHash } from 'node:crypto';
import { packFiles } from './file-list.ts';
import { stepKey, type StepInputs } from './inputs.ts';
import { keepInputs, withoutCredentials } from './kept-inputs.ts';
import type { StepOutcome } from './outcome.ts';
import type { CachedStep } from './step-cache.ts';
import type { NewRecord, StepRecord } from './step-records.ts';

/** A step that was made, or taken from elsewhere. Times are in ms since 1970. */
export interface MadeStep {
  readonly step: CachedStep;
  readonly inputs: StepInputs;
  readonly outcome: StepOutcome;
  readonly builtAt: number;
  /** The shared cache that it came from. */
  readonly from?: string;
}

/** The build in which it was, and the secret of the store's marks. */
export interface RecordContext {
  readonly buildId: string;
  readonly dockerfile: string;
  readonly now: number;
  readonly salt: string;
}

const longestText = 2000;

/** Makes the record of a step. */
export function newRecord(made: MadeStep, context: RecordContext): NewRecord {
  const { step, inputs, outcome, builtAt, from } = made;
  const { buildId, dockerfile, now, salt } = context;
  const kept = keepInputs(inputs, step, salt);
  const lists = new Map<string, Uint8Array>();
  const sources = kept.sources.map((source, at) => {
    const { list, ...rest } = source;
    const packed = list === undefined ? undefined : packFiles(inputs.sources[at]?.files?.() ?? []);
    if (list === undefined || !packed) return rest;
    lists.set(list, packed);
    return source;
  });
  const record: StepRecord = {
    stepKey: stepKey(inputs),
    ...placeOf(dockerfile, step),
    keyword: step.keyword,
    builtAt,
    usedAt: now,
    uses: from === undefined ? 0 : 1,
    ...(from === undefined ? { buildId } : { from }),
    outcome,
    inputs: { ...kept, sources },
  };
  return { record, lists };
}

/** Which step of which Dockerfile it is, and what it says. */
export function placeOf(
  dockerfile: string,
  { stage, position, text }: CachedStep,
): Pick<StepRecord, 'dockerfile' | 'site' | 'text'> {
  return {
    dockerfile: hashOf([dockerfile]),
    site: hashOf([dockerfile, stage.name ?? stage.index, position]),
    text: withoutCredentials(text).slice(0, longestText),
  };
}

function hashOf(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
