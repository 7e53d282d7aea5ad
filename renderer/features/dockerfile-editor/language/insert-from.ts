import type { Fix } from '../../../../shared/dockerfile/finding.ts';
import type { Position } from '../../../../shared/source-range.ts';
import { contains, type Analysis } from './analysis.ts';

/** The edit that makes a Dockerfile build on `reference`: at the FROM with the cursor, else at the first, else a new one. */
export function insertFromEdit(
  { dockerfile, stages, text }: Analysis,
  cursor: Position | undefined,
  reference: string,
): Fix['edits'][number] {
  const atCursor = stages.find(({ from }) => cursor !== undefined && contains(from.range, cursor));
  const from = (atCursor ?? stages[0])?.from;
  if (from !== undefined) return { range: from.image.range, newText: reference };
  const broken = dockerfile.instructions.find(({ written }) => /^from$/i.test(written));
  if (broken !== undefined) return { range: broken.range, newText: `FROM ${reference}` };
  return newFrom(dockerfile.instructions, text, reference);
}

/** Behind the directives and the arguments, before everything else. */
function newFrom(
  instructions: Analysis['dockerfile']['instructions'],
  text: string,
  reference: string,
): Fix['edits'][number] {
  const next = instructions.find(({ keyword }) => keyword !== 'ARG');
  if (next !== undefined) {
    const { start } = next.range;
    return { range: { start, end: start }, newText: `FROM ${reference}\n\n` };
  }
  const lines = text.split('\n');
  const at = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  const gap = at.character === 0 ? '' : '\n';
  return { range: { start: at, end: at }, newText: `${gap}FROM ${reference}\n` };
}
