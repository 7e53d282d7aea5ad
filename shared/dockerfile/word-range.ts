import type { SourceRange } from '../source-range.ts';
import type { Word } from './ast.ts';

/** From `offset` of a word's text to its end, where the word stands as it is on one line; else the whole word. */
export function rangeWithin({ text, range }: Word, offset: number): SourceRange {
  const { start, end } = range;
  if (start.line !== end.line || end.character - start.character !== text.length) return range;
  if (offset >= text.length) return range;
  return { start: { line: start.line, character: start.character + offset }, end };
}
