import type { StepPair, StepRun } from '../../../../shared/ipc/history-views.ts';

/** More steps than anybody writes: beyond that, pairs are made by position. */
const mostSteps = 3000;

/** Puts the steps of two builds side by side: the same text in the same order, what stands between them as it comes. */
export function pairSteps(
  before: readonly StepRun[],
  after: readonly StepRun[],
): readonly StepPair[] {
  const pairs: StepPair[] = [];
  let left = 0;
  let right = 0;
  for (const [leftAt, rightAt] of [
    ...common(before, after),
    [before.length, after.length],
  ] as const) {
    pairs.push(...between(before.slice(left, leftAt), after.slice(right, rightAt)));
    const [one, other] = [before[leftAt], after[rightAt]];
    if (one !== undefined && other !== undefined) pairs.push(pairOf('same', one, other));
    left = leftAt + 1;
    right = rightAt + 1;
  }
  return pairs;
}

/** Of what two lists do not share, instructions of one kind stand for each other. */
function between(before: readonly StepRun[], after: readonly StepRun[]): readonly StepPair[] {
  const pairs: StepPair[] = [];
  const rest = [...before];
  for (const step of after) {
    const at = rest.findIndex(each => keywordOf(each) === keywordOf(step));
    // Those that come before the one that was changed are gone.
    for (const gone of rest.splice(0, at < 0 ? 0 : at))
      pairs.push({ kind: 'removed', before: gone });
    const changed = at < 0 ? undefined : rest.shift();
    pairs.push(
      changed === undefined ? { kind: 'added', after: step } : pairOf('changed', changed, step),
    );
  }
  return [...pairs, ...rest.map(step => ({ kind: 'removed', before: step }) as const)];
}

function pairOf(kind: 'same' | 'changed', before: StepRun, after: StepRun): StepPair {
  const slower =
    before.durationMs === undefined || after.durationMs === undefined
      ? {}
      : { slowerMs: after.durationMs - before.durationMs };
  const layers =
    before.layer === undefined || after.layer === undefined
      ? {}
      : { sameLayer: before.layer.diffId === after.layer.diffId };
  return { kind, before, after, ...slower, ...layers };
}

function keywordOf({ text }: StepRun): string {
  return /^\S*/.exec(text.trimStart())?.[0].toUpperCase() ?? '';
}

/** The longest common subsequence of texts (Wagner and Fischer), as positions in both lists. */
function common(
  before: readonly StepRun[],
  after: readonly StepRun[],
): readonly (readonly [number, number])[] {
  const isSame = (left: number, right: number) =>
    before[left]?.text === after[right]?.text &&
    before[left]?.stageName === after[right]?.stageName;
  if (before.length > mostSteps || after.length > mostSteps) {
    return before.flatMap((_, at) => (isSame(at, at) ? [[at, at] as const] : []));
  }
  const width = after.length + 1;
  const lengths = new Uint16Array((before.length + 1) * width);
  const lengthAt = (left: number, right: number) => lengths[left * width + right] ?? 0;
  for (let left = before.length - 1; left >= 0; left -= 1) {
    for (let right = after.length - 1; right >= 0; right -= 1) {
      lengths[left * width + right] = isSame(left, right)
        ? lengthAt(left + 1, right + 1) + 1
        : Math.max(lengthAt(left + 1, right), lengthAt(left, right + 1));
    }
  }
  const shared: (readonly [number, number])[] = [];
  for (let left = 0, right = 0; left < before.length && right < after.length;) {
    if (isSame(left, right)) {
      shared.push([left, right]);
      left += 1;
      right += 1;
    } else if (lengthAt(left + 1, right) >= lengthAt(left, right + 1)) left += 1;
    else right += 1;
  }
  return shared;
}
