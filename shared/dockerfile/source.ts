import type { Position, SourceRange } from '../source-range.ts';

/** A text with the offsets at which its lines start. Lines end with LF or CRLF, as Docker reads them. */
export interface Source {
  readonly text: string;
  readonly lineStarts: readonly number[];
}

export function sourceOf(text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
    lineStarts.push(at + 1);
  return { text, lineStarts };
}

/** Offset just behind the line's last character, without its line end. */
export function lineEnd(source: Source, line: number): number {
  const next = source.lineStarts[line + 1];
  let end = next === undefined ? source.text.length : next - 1;
  const start = source.lineStarts[line] ?? 0;
  while (end > start && source.text.charCodeAt(end - 1) === 13) end--;
  return end;
}

/** The position of an offset in UTF-16 units. */
function positionAt(source: Source, offset: number): Position {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: offset - (source.lineStarts[low] ?? 0) };
}

export function rangeBetween(source: Source, start: number, end: number): SourceRange {
  const from = positionAt(source, start);
  const length = end - start;
  const nextLine = source.lineStarts[from.line + 1] ?? Infinity;
  if (end < nextLine) {
    return { start: from, end: { line: from.line, character: from.character + length } };
  }
  return { start: from, end: positionAt(source, end) };
}
