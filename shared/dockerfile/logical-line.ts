import type { SourceRange } from '../source-range.ts';
import type { EscapeCharacter, Word } from './ast.ts';
import { isSpace, skip, skipBack } from './characters.ts';
import { lineEnd, rangeBetween, type Source } from './source.ts';

/** Of one instruction, as many empty lines are remembered. */
const mostEmptyLines = 100;

/** From offset `joined` of the joined text on, characters come from offset `source` of the file on. */
interface Piece {
  readonly joined: number;
  readonly source: number;
}

/** One instruction's text: continuation lines joined, comments and empty lines between them dropped. */
export interface LogicalLine {
  readonly source: Source;
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** Numbers of the first physical line and of the one behind the last. */
  readonly firstLine: number;
  readonly nextLine: number;
  /** Physical lines inside it that are empty. */
  readonly emptyLines: readonly number[];
}

/**
 * Reads the logical line that starts at physical line `first`; undefined where that is blank or a comment.
 * The rules are BuildKit's (frontend/dockerfile/parser): the last character but blanks continues the line if
 * it is the escape character and not itself escaped.
 */
export function readLogicalLine(
  source: Source,
  first: number,
  escape: EscapeCharacter,
): LogicalLine | undefined {
  const start = contentStart(source, first);
  if (start === lineEnd(source, first) || isComment(source, first)) return undefined;
  const raw = source.text.slice(start, lineEnd(source, first));
  if (continuedAt(raw, escape) >= 0) return readContinued(source, { first, start, escape });
  const pieces = [{ joined: 0, source: start }];
  return { source, text: raw, pieces, firstLine: first, nextLine: first + 1, emptyLines: noLines };
}

const noLines: readonly number[] = [];

function readContinued(
  source: Source,
  { first, start, escape }: { first: number; start: number; escape: EscapeCharacter },
): LogicalLine {
  const pieces: Piece[] = [];
  const emptyLines: number[] = [];
  const parts: string[] = [];
  let joined = 0;
  let line = first;
  for (let from = start, more = true; more && line < source.lineStarts.length; line++) {
    if (line > first) {
      from = source.lineStarts[line] ?? 0;
      if (isComment(source, line)) continue;
      if (contentStart(source, line) === lineEnd(source, line)) {
        const isLine = line < source.lineStarts.length - 1 || from < source.text.length;
        if (isLine && emptyLines.length < mostEmptyLines) emptyLines.push(line);
        continue;
      }
    }
    const raw = source.text.slice(from, lineEnd(source, line));
    const end = continuedAt(raw, escape);
    more = end >= 0;
    const part = more ? raw.slice(0, end) : raw;
    pieces.push({ joined, source: from });
    parts.push(part);
    joined += part.length;
  }
  return { source, text: parts.join(''), pieces, firstLine: first, nextLine: line, emptyLines };
}

/** The offset of the escape character that continues `raw`, or -1. */
function continuedAt(raw: string, escape: EscapeCharacter): number {
  const end = skipBack(raw, 0, code => code === 32 || code === 9) - 1;
  if (end < 0 || raw[end] !== escape || raw[end - 1] === escape) return -1;
  return end;
}

/** Where the line's text begins behind its indentation; a byte order mark counts as indentation of line 0. */
export function contentStart(source: Source, line: number): number {
  const start = source.lineStarts[line] ?? 0;
  const mark = line === 0 && source.text.charCodeAt(0) === 0xfeff ? 1 : 0;
  return Math.min(
    lineEnd(source, line),
    skip(source.text, start + mark, code => code !== 10 && isSpace(code)),
  );
}

export function isComment(source: Source, line: number): boolean {
  return source.text[contentStart(source, line)] === '#';
}

function sourceOffset(line: LogicalLine, offset: number): number {
  let low = 0;
  let high = line.pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((line.pieces[middle]?.joined ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const piece = line.pieces[low];
  return piece === undefined ? 0 : piece.source + offset - piece.joined;
}

/** Where a stretch of the joined text stands in the file. */
export function rangeIn(line: LogicalLine, start: number, end: number): SourceRange {
  const from = sourceOffset(line, start);
  const to = end > start ? sourceOffset(line, end - 1) + 1 : from;
  return rangeBetween(line.source, from, to);
}

export function wordIn(line: LogicalLine, start: number, end: number): LineWord {
  return new LineWord(line.text.slice(start, end), line, start, end);
}

/** A word that finds out where it stands only when asked: most words of a large file never are. */
export class LineWord implements Word {
  readonly text: string;
  readonly #line: LogicalLine;
  readonly #start: number;
  readonly #end: number;

  // eslint-disable-next-line max-params -- private to this file, and called once
  constructor(text: string, line: LogicalLine, start: number, end: number) {
    this.text = text;
    this.#line = line;
    this.#start = start;
    this.#end = end;
  }

  get range(): SourceRange {
    return rangeIn(this.#line, this.#start, this.#end);
  }

  /** The word that `text.slice(start, end)` is. */
  part(start: number, end: number): LineWord {
    const from = this.#start + start;
    return new LineWord(this.text.slice(start, end), this.#line, from, this.#start + end);
  }
}
