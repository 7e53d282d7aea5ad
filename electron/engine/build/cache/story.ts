import type { CacheDifference, StepCacheStory } from '../../../../shared/ipc/step-cache.ts';
import { differences, type ComparedStep, type StepBelow } from './differences.ts';
import { earlierOf, type StepRecord, type StepRecords } from './step-records.ts';

/** A step that is not in the cache, and the records that may tell why. */
export interface MissedStep {
  readonly now: ComparedStep;
  /** A hash of the Dockerfile's path, as in the records. */
  readonly dockerfile: string;
  /** The record of the very same inputs, which for some reason does not count. */
  readonly same: StepRecord | undefined;
  readonly candidates: readonly StepRecord[];
  readonly below: readonly StepBelow[];
}

/** Says why a step has to run: by the record that it differs from least, of those the newest. */
export function storyOf(
  { now, dockerfile, same, candidates, below }: MissedStep,
  records: Pick<StepRecords, 'files'>,
): StepCacheStory {
  if (same) return gone(same);
  const compared = candidates
    .map(record => ({
      record,
      count: differences(withoutFiles(record), { ...now, files: () => undefined }, below).length,
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.count - b.count || b.record.builtAt - a.record.builtAt);
  for (const { record } of compared) {
    const found = differences(withFiles(record, records), now, below);
    const isOwn = record.dockerfile === dockerfile;
    if (isOwn || isSameProject(found, now)) {
      return { kind: 'differs', earlier: earlierOf(record), differences: found };
    }
  }
  return { kind: 'never-built' };
}

/**
 * Tells whether a step of another Dockerfile is likely one of this project in another folder. Many projects have a
 * `COPY . .` on the same base: to say that all files are others would explain nothing.
 */
function isSameProject(found: readonly CacheDifference[], now: ComparedStep): boolean {
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) return false;
  switch (only.kind) {
    case 'files': {
      const at = now.inputs.sources.findIndex(({ label }) => label === only.from);
      const total = now.files(at)?.length ?? 0;
      return only.changed + only.added + only.removed <= total / 2;
    }
    case 'source':
      return false;
    case 'parent':
      return only.stepId !== undefined;
    case 'base':
    case 'instruction':
    case 'variable':
    case 'option':
      return true;
  }
}

function withFiles(record: StepRecord, records: Pick<StepRecords, 'files'>): ComparedStep {
  return {
    ...withoutFiles(record),
    files(at) {
      const list = record.inputs.sources[at]?.list;
      return list === undefined ? undefined : records.files(list);
    },
  };
}

function gone(same: StepRecord): StepCacheStory {
  const earlier = earlierOf(same);
  if (same.droppedAt !== undefined) return { kind: 'pruned', earlier, prunedAt: same.droppedAt };
  const layer = same.outcome.layer?.descriptor.digest;
  return layer === undefined ? { kind: 'never-built' } : { kind: 'layer-gone', earlier, layer };
}

function withoutFiles({ inputs, text }: StepRecord): ComparedStep {
  return { inputs, text, files: () => undefined };
}
