import type { EscapeCharacter, Word } from './ast.ts';
import { isSpace, isWordGap, skip } from './characters.ts';
import { rangeIn, wordIn, type LineWord, type LogicalLine } from './logical-line.ts';

/** Splits the line from `from` on at white space; quotes mean nothing. */
export function plainWords(line: LogicalLine, from: number): LineWord[] {
  const { text } = line;
  const words: LineWord[] = [];
  for (let at = skip(text, from, isWordGap); at < text.length; at = skip(text, at, isWordGap)) {
    const end = skip(text, at, code => !isWordGap(code));
    words.push(wordIn(line, at, end));
    at = end;
  }
  return words;
}

/** Splits at white space outside of quotes; quotes and escapes stay in the words, expansion removes them later. */
export function quotedWords(line: LogicalLine, from: number, escape: EscapeCharacter): LineWord[] {
  const words: LineWord[] = [];
  for (
    let at = skip(line.text, from, isSpace);
    at < line.text.length;
    at = skip(line.text, at, isSpace)
  ) {
    const { end, textEnd } = quotedWordEnd(line.text, at, escape);
    if (textEnd > at) words.push(wordIn(line, at, textEnd));
    at = end;
  }
  return words;
}

/** Where the word that starts at `from` ends; an escape character that ends the line does not count to it. */
function quotedWordEnd(
  text: string,
  from: number,
  escape: EscapeCharacter,
): { end: number; textEnd: number } {
  let quote = '';
  let at = from;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === escape && quote !== "'") {
      if (at + 1 === text.length) return { end: text.length, textEnd: at };
      at += escapedLength(text, at + 1) + 1;
      continue;
    }
    if (quote === '' && isSpace(text.charCodeAt(at))) break;
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    at++;
  }
  return { end: at, textEnd: at };
}

function escapedLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

/** A flag before quotes and escapes were interpreted. */
export interface RawFlag {
  readonly word: Word;
  /** Range of the text behind the first `=`, or the end of the flag. */
  readonly start: number;
  readonly end: number;
}

/** Takes the words that begin with `--` off the start of an instruction's arguments; `--` alone ends them. */
export function leadingFlags(
  line: LogicalLine,
  from: number,
  escape: EscapeCharacter,
): { flags: RawFlag[]; rest: number } {
  const { text } = line;
  const flags: RawFlag[] = [];
  let at = skip(text, from, isSpace);
  while (text.startsWith('--', at)) {
    const { value, end } = unquotedWord(text, at, escape);
    if (value === '--') return { flags, rest: skip(text, end, isSpace) };
    flags.push({ word: { text: value, range: rangeIn(line, at, end) }, start: at, end });
    at = skip(text, end, isSpace);
  }
  return { flags, rest: at };
}

/** Reads one word and removes its quotes and escapes, as Docker does with flags. */
function unquotedWord(
  text: string,
  from: number,
  escape: EscapeCharacter,
): { value: string; end: number } {
  let value = '';
  let quote = '';
  let at = from;
  for (; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote === '' && isSpace(text.charCodeAt(at))) break;
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    else if (character === escape) value += text.charAt(++at);
    else value += character;
  }
  return { value, end: Math.min(at, text.length) };
}
