import type { SourceRange } from '../../shared/source-range.ts';
import { neutralized } from './text/neutralize.ts';
import { displayWidth } from './text/width.ts';

/** Lines that are shown above the one with the fault. */
const linesAbove = 2;
/** A longer line is cut around the fault; in UTF-16 units. */
const mostShown = 160;

/**
 * Shows where in a text a range is: the line, two above it, and carets below the range.
 *
 *     2 | FROM base
 *     3 | COPY --form=build a b
 *       |      ^^^^^^
 */
export function sourceExcerpt(text: string, { start, end }: SourceRange): readonly string[] {
  const lines = text.split(/\r?\n/);
  const line = lines[start.line];
  if (line === undefined) return [];
  const first = Math.max(0, start.line - linesAbove);
  const digits = String(start.line + 1).length;
  const above = lines
    .slice(first, start.line)
    .map((each, offset) => numbered(first + offset, digits, neutralized(each.slice(0, mostShown))));
  // Carets stand below the first line of a range that goes over several.
  const to = end.line === start.line ? end.character : line.length;
  const from = Math.max(0, start.character - Math.floor(mostShown / 2));
  const before = neutralized(line.slice(from, start.character));
  const marked = neutralized(line.slice(start.character, Math.min(to, from + mostShown)));
  const after = neutralized(line.slice(Math.max(to, start.character), from + mostShown));
  const carets = '^'.repeat(Math.max(1, displayWidth(marked)));
  return [
    ...above,
    numbered(start.line, digits, before + marked + after),
    `  ${' '.repeat(digits)} | ${' '.repeat(displayWidth(before))}${carets}`,
  ];
}

function numbered(line: number, digits: number, text: string): string {
  return `  ${String(line + 1).padStart(digits)} | ${text}`;
}
