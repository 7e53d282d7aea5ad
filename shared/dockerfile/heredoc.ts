import type { Heredoc } from './ast.ts';
import { expand } from './expand.ts';
import { error, type Report } from './finding.ts';
import type { LogicalLine } from './logical-line.ts';
import { lineEnd, rangeBetween } from './source.ts';

/** `<<NAME`, `<<-NAME`, `3<<NAME`: what a word says about a here-document. */
export interface HeredocMarker {
  readonly name: string;
  readonly expand: boolean;
  readonly stripTabs: boolean;
}

const markerPattern = /^\d*<<(-?)[\t\n\f\r ]*([^<]*)$/;
const unset = (): undefined => undefined;

/** Reads one word as the marker of a here-document. Delimiters always know `\` as escape (as in BuildKit). */
export function heredocMarker(word: string): HeredocMarker | undefined {
  const [, dash, delimiter = ''] = markerPattern.exec(word) ?? [];
  if (delimiter === '') return undefined;
  const plain = expand(delimiter, { escape: '\\', lookup: unset, keepUnset: true });
  if (!plain.ok || plain.words.length !== 1) return undefined;
  const [name = ''] = plain.words;
  // A quote that is gone from the name did quote; an escaped one is still there.
  const quoted = quoteCount(delimiter) !== quoteCount(name);
  return { name, expand: !quoted, stripTabs: dash === '-' };
}

function quoteCount(text: string): number {
  return text.replace(/[^'"]/g, '').length;
}

/** The markers on an instruction's line, in order. A line that cannot be split into words has none. */
function markersOf(text: string): HeredocMarker[] {
  const split = expand(text, {
    escape: '\\',
    lookup: unset,
    verbatim: true,
    limit: text.length * 2,
  });
  if (!split.ok) return [];
  return split.words.flatMap(word => heredocMarker(word) ?? []);
}

/** Reads the here-documents that `line` announces from the physical lines behind it. */
export function readHeredocs(
  line: LogicalLine,
  report: Report,
): { heredocs: Heredoc[]; nextLine: number } {
  const heredocs: Heredoc[] = [];
  let nextLine = line.nextLine;
  for (const marker of markersOf(line.text)) {
    const end = terminatorLine(line, nextLine, marker);
    const { source } = line;
    const start = source.lineStarts[nextLine] ?? source.text.length;
    const stop = source.lineStarts[end] ?? source.text.length;
    const range = rangeBetween(source, start, stop);
    heredocs.push({ ...marker, content: source.text.slice(start, stop), range });
    if (end >= source.lineStarts.length) {
      report(unterminated(line, marker));
      return { heredocs, nextLine: end };
    }
    nextLine = end + 1;
  }
  return { heredocs, nextLine };
}

function unterminated(line: LogicalLine, marker: HeredocMarker): ReturnType<typeof error> {
  const start = line.pieces[0]?.source ?? 0;
  const range = rangeBetween(
    line.source,
    start,
    Math.max(start, lineEnd(line.source, line.nextLine - 1)),
  );
  return error(
    'unterminated-heredoc',
    range,
    `The here-document <<${marker.name} has no end. Add a line with only ${marker.name}.`,
  );
}

function terminatorLine(line: LogicalLine, from: number, marker: HeredocMarker): number {
  const { source } = line;
  for (let at = from; at < source.lineStarts.length; at++) {
    let text = source.text.slice(source.lineStarts[at] ?? 0, lineEnd(source, at));
    if (marker.stripTabs) text = text.replace(/^\t+/, '');
    if (text === marker.name) return at;
  }
  return source.lineStarts.length;
}

/** The content as the instruction sees it: with `<<-`, without the tabs that begin its lines. */
export function heredocText(heredoc: Heredoc): string {
  return heredoc.stripTabs ? heredoc.content.replace(/^\t+/gm, '') : heredoc.content;
}
