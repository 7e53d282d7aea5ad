import { explain } from '../../../shared/failure.ts';
import type { SourceRange } from '../../../shared/source-range.ts';
import type { StepView } from '../../stores/build-view.ts';

/** What is shown in one row of the log. */
export type LogRow =
  | {
      readonly kind: 'line';
      /** Absent: `index` counts in the whole build. */ readonly stepId?: string;
      readonly index: number;
    }
  | {
      readonly kind: 'head';
      readonly step: StepView;
      readonly lines: number;
      readonly folded: boolean;
    }
  | { readonly kind: 'note'; readonly step: StepView; readonly note: StepNote };

/** A warning or a piece of a failure, told at its step. */
export interface StepNote {
  readonly tone: 'warn' | 'bad' | 'advice';
  readonly text: string;
  readonly range: SourceRange;
}

/** A step with its notes and lines; `start` is the row of its head. */
export interface Section {
  readonly step: StepView;
  readonly folded: boolean;
  readonly lines: number;
  readonly warnings: readonly StepNote[];
  readonly problems: readonly StepNote[];
  readonly start: number;
}

/** Sections in the order of the plan; steps that have not begun and said nothing are left out. */
export function sectionsOf(
  steps: readonly StepView[],
  lineCounts: ReadonlyMap<string, number>,
  folded: ReadonlySet<string>,
): readonly Section[] {
  let start = 0;
  return steps.flatMap(step => {
    const lines = lineCounts.get(step.stepId) ?? 0;
    if (step.state.kind === 'waiting' && lines === 0 && step.warnings.length === 0) return [];
    const section: Section = {
      step,
      lines,
      folded: folded.has(step.stepId),
      warnings: step.warnings.map(({ range, message }) => ({ tone: 'warn', text: message, range })),
      problems: problemsOf(step),
      start,
    };
    start += rowsOf(section);
    return [section];
  });
}

/** What went wrong in a step, line by line, and what to do about it. */
function problemsOf({ state, range }: StepView): readonly StepNote[] {
  if (state.kind !== 'failed') return [];
  const { message, advice } = explain(state.failure);
  const problems = message.split('\n').map((text): StepNote => ({ tone: 'bad', text, range }));
  return advice === undefined ? problems : [...problems, { tone: 'advice', text: advice, range }];
}

function rowsOf({ folded, warnings, lines, problems }: Section): number {
  return folded ? 1 : 1 + warnings.length + lines + problems.length;
}

/** Rows of all sections together. */
export function rowCount(sections: readonly Section[]): number {
  const last = sections.at(-1);
  return last === undefined ? 0 : last.start + rowsOf(last);
}

/** What is in row `row`; undefined behind the end. */
export function rowAt(sections: readonly Section[], row: number): LogRow | undefined {
  const section = sections.findLast(({ start }) => start <= row);
  if (section === undefined || row >= section.start + rowsOf(section)) return undefined;
  const { step, lines, folded, warnings, problems } = section;
  let at = row - section.start;
  if (at === 0) return { kind: 'head', step, lines, folded };
  at -= 1;
  const warning = warnings[at];
  if (warning !== undefined) return { kind: 'note', step, note: warning };
  at -= warnings.length;
  if (at < lines) return { kind: 'line', stepId: step.stepId, index: at };
  const problem = problems[at - lines];
  return problem && { kind: 'note', step, note: problem };
}

/** The row of line `index` of a step; of its head where it is folded. */
export function rowOfLine(
  sections: readonly Section[],
  stepId: string,
  index: number,
): number | undefined {
  const section = sections.find(({ step }) => step.stepId === stepId);
  if (section === undefined) return undefined;
  return section.folded ? section.start : section.start + 1 + section.warnings.length + index;
}

/** The row of a step's first problem. */
export function rowOfProblem(sections: readonly Section[], stepId: string): number | undefined {
  const section = sections.find(({ step }) => step.stepId === stepId);
  return section && rowOfLine(sections, stepId, section.lines);
}

/**
 * Finds which line of a step the build's line `line` is, by halving: `lineAt` gives the number in the
 * build of the step's line `index`. Undefined where the step has no such line.
 */
export async function indexInStep(
  line: number,
  count: number,
  lineAt: (index: number) => Promise<number | undefined>,
): Promise<number | undefined> {
  let low = 0;
  let high = count - 1;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    const found = await lineAt(middle);
    if (found === undefined) return undefined;
    if (found === line) return middle;
    if (found < line) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
