import type { Position } from '../../../shared/source-range.ts';

/** Takes the `|` out of a text and gives the text and where the mark stood. */
export function atMark(marked: string): { readonly text: string; readonly position: Position } {
  const offset = marked.indexOf('|');
  const before = marked.slice(0, offset).split('\n');
  return {
    text: marked.slice(0, offset) + marked.slice(offset + 1),
    position: { line: before.length - 1, character: before.at(-1)?.length ?? 0 },
  };
}

/** A text after edits that do not overlap. */
export function edited(
  text: string,
  edits: readonly {
    readonly range: { start: Position; end: Position };
    readonly newText: string;
  }[],
): string {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const offset = ({ line, character }: Position) =>
    Math.min(text.length, (starts[line] ?? text.length) + character);
  return edits
    .toSorted((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce(
      (result, { range, newText }) =>
        result.slice(0, offset(range.start)) + newText + result.slice(offset(range.end)),
      text,
    );
}
