/** A line of a comparison, or the many equal ones that are left out. */
export type DiffRow =
  | {
      readonly kind: 'same' | 'added' | 'removed';
      /** Line numbers from 1. */
      readonly left?: number;
      readonly right?: number;
      readonly text: string;
    }
  | { readonly kind: 'skipped'; readonly count: number; readonly after: number };

/** More differences than this are not told apart line by line: what differs is shown as replaced. */
const mostDifferences = 1500;
/** Equal lines that are shown before and after a difference. */
const context = 3;

/** How one text became another, line by line, by the shortest edit (Myers, "An O(ND) Difference Algorithm"). */
export function diffLines(before: string, after: string): readonly DiffRow[] {
  const left = linesOf(before);
  const right = linesOf(after);
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let tail = 0;
  const most = Math.min(left.length, right.length) - start;
  while (tail < most && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;
  const steps = [
    ...Array.from({ length: start }, () => 'same' as const),
    ...shortestEdit(left.slice(start, left.length - tail), right.slice(start, right.length - tail)),
    ...Array.from({ length: tail }, () => 'same' as const),
  ];
  return folded(rowsOf(steps, left, right));
}

type Step = 'same' | 'added' | 'removed';

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function rowsOf(
  steps: readonly Step[],
  left: readonly string[],
  right: readonly string[],
): readonly DiffRow[] {
  let l = 0;
  let r = 0;
  return steps.map(kind => {
    if (kind === 'added') return { kind, right: ++r, text: right[r - 1] ?? '' };
    if (kind === 'removed') return { kind, left: ++l, text: left[l - 1] ?? '' };
    return { kind, left: ++l, right: ++r, text: left[l - 1] ?? '' };
  });
}

/** Leaves out long runs of equal lines. */
function folded(rows: readonly DiffRow[]): readonly DiffRow[] {
  const near = new Set<number>();
  for (const [index, { kind }] of rows.entries()) {
    if (kind === 'same') continue;
    for (let at = index - context; at <= index + context; at += 1) near.add(at);
  }
  const shown: DiffRow[] = [];
  let count = 0;
  for (const [index, row] of rows.entries()) {
    if (row.kind === 'same' && !near.has(index)) {
      count += 1;
      continue;
    }
    if (count > 0) shown.push({ kind: 'skipped', count, after: index });
    count = 0;
    shown.push(row);
  }
  if (count > 0) shown.push({ kind: 'skipped', count, after: rows.length });
  return shown;
}

function shortestEdit(left: readonly string[], right: readonly string[]): readonly Step[] {
  const trace: Int32Array[] = [];
  const most = Math.min(left.length + right.length, mostDifferences);
  let furthest = new Int32Array(3);
  for (let d = 0; d <= most; d += 1) {
    // `furthest` holds, from the middle, how far along `left` each diagonal came with d - 1 edits.
    const next = new Int32Array(2 * d + 3);
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(furthest, k - 1) < at(furthest, k + 1));
      let x = down ? at(furthest, k + 1) : at(furthest, k - 1) + 1;
      while (x < left.length && x - k < right.length && left[x] === right[x - k]) x += 1;
      next[k + d + 1] = x;
      if (x >= left.length && x - k >= right.length) return walkBack(trace, left, right, d);
    }
    trace.push(next);
    furthest = next;
  }
  return [...left.map(() => 'removed' as const), ...right.map(() => 'added' as const)];
}

function at(furthest: Int32Array, k: number): number {
  return furthest[k + (furthest.length - 1) / 2] ?? 0;
}

/** The edits from the end of both texts to their start, turned round. */
function walkBack(
  trace: readonly Int32Array[],
  left: readonly string[],
  right: readonly string[],
  edits: number,
): readonly Step[] {
  const steps: Step[] = [];
  let x = left.length;
  let y = right.length;
  for (let d = edits; d > 0; d -= 1) {
    const furthest = trace[d - 1] ?? new Int32Array(3);
    const k = x - y;
    const down = k === -d || (k !== d && at(furthest, k - 1) < at(furthest, k + 1));
    const fromX = at(furthest, down ? k + 1 : k - 1);
    for (const edited = down ? fromX : fromX + 1; x > edited; x -= 1) steps.push('same');
    steps.push(down ? 'added' : 'removed');
    x = fromX;
    y = fromX - (down ? k + 1 : k - 1);
  }
  for (; x > 0; x -= 1) steps.push('same');
  return steps.toReversed();
}
