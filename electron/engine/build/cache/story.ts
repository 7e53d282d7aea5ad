import type { StepCacheStory } from '../../../../shared/ipc/step-cache.ts';
import { differences, type ComparedStep, type StepBelow } from './differences.ts';
import { earlierOf, type StepRecord, type StepRecords } from './step-records.ts';

/** A step that is not in the cache, and the records that may tell why. */
export interface MissedStep {
  readonly now: ComparedStep;
  /** The record of the very same inputs, which for some reason does not count. */
  readonly same: StepRecord | undefined;
  readonly candidates: readonly StepRecord[];
  readonly below: readonly StepBelow[];
}

/** Says why a step has to run: by the record that it differs from least, of those the newest. */
export function storyOf(
  { now, same, candidates, below }: MissedStep,
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
  const best = compared[0]?.record;
  if (!best) return { kind: 'never-built' };
  const before: ComparedStep = {
    ...withoutFiles(best),
    files(at) {
      const list = best.inputs.sources[at]?.list;
      return list === undefined ? undefined : records.files(list);
    },
  };
  return {
    kind: 'differs',
    earlier: earlierOf(best),
    differences: differences(before, now, below),
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
