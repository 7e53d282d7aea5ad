import type { Instruction } from '../../../../shared/dockerfile/ast.ts';
import type { SourceRange } from '../../../../shared/source-range.ts';
import type { Analysis, Stage } from './analysis.ts';

/** A line of the outline. */
export interface OutlineItem {
  readonly kind: 'stage' | 'instruction';
  readonly name: string;
  readonly detail: string;
  readonly range: SourceRange;
  /** What a jump goes to. */
  readonly selection: SourceRange;
  readonly children: readonly OutlineItem[];
}

const longestText = 120;

/** Stages with their instructions; what stands above the first FROM comes first. */
export function outlineOf({ dockerfile, stages }: Analysis): readonly OutlineItem[] {
  const first = dockerfile.instructions.findIndex(({ keyword }) => keyword === 'FROM');
  const global = first < 0 ? dockerfile.instructions : dockerfile.instructions.slice(0, first);
  return [...global.map(instructionItem), ...stages.map(stageItem)];
}

/** How a stage is called: its name, or its number. */
function stageTitle({ name, index }: Stage): string {
  return name ?? `stage ${index}`;
}

function stageItem(stage: Stage): OutlineItem {
  return {
    kind: 'stage',
    name: stageTitle(stage),
    detail: stage.from.image.text,
    range: stage.range,
    selection: stage.from.stageName?.range ?? stage.from.keywordRange,
    children: stage.instructions.map(instructionItem),
  };
}

function instructionItem({ written, text, range, keywordRange }: Instruction): OutlineItem {
  const detail = text.slice(written.length).trim().replace(/\s+/g, ' ');
  return {
    kind: 'instruction',
    name: written.toUpperCase(),
    detail: detail.length > longestText ? `${detail.slice(0, longestText)}…` : detail,
    range,
    selection: keywordRange,
    children: [],
  };
}

/** Lines that fold into their first one; both numbers start at 0. */
export interface FoldingStretch {
  readonly start: number;
  readonly end: number;
  readonly kind: 'region' | 'comment';
}

/** Stages, instructions of several lines, here-documents, and runs of comment lines. */
export function foldingOf({ text, dockerfile, stages }: Analysis): readonly FoldingStretch[] {
  const regions = [
    ...stages.map(({ range }) => range),
    ...dockerfile.instructions.map(({ range }) => range),
  ].map(({ start, end }) => ({
    start: start.line,
    end: end.character === 0 ? end.line - 1 : end.line,
    kind: 'region' as const,
  }));
  const heredocs = dockerfile.instructions.flatMap(instruction =>
    instruction.keyword === 'RUN'
      ? instruction.heredocs.map(({ range }) => ({
          start: range.start.line,
          end: range.end.line,
          kind: 'region' as const,
        }))
      : [],
  );
  return [...regions, ...heredocs, ...commentRuns(text)].filter(({ start, end }) => end > start);
}

function commentRuns(text: string): FoldingStretch[] {
  const runs: FoldingStretch[] = [];
  let start = -1;
  const lines = text.split('\n');
  for (const [line, content] of [...lines, ''].entries()) {
    const isComment = /^\s*#/.test(content);
    if (isComment && start < 0) start = line;
    if (isComment || start < 0) continue;
    runs.push({ start, end: line - 1, kind: 'comment' });
    start = -1;
  }
  return runs;
}
