import { stripVTControlCharacters } from 'node:util';

/**
 * What a terminal would obey or reorder: the controls (C0, DEL, C1), line and paragraph separators, the byte
 * order mark and the bidirectional controls (UAX #9), which make text look like other text.
 */
const hostile = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Makes text from images, Dockerfiles and programs safe to show in a terminal, as one line: tabs become spaces, controls
 * become visible (`␛`, or `<U+202E>` where Unicode has no picture). Nothing vanishes: two names that differ look so.
 */
export function neutralized(text: string): string {
  return text.replaceAll('\t', '    ').replace(hostile, picture);
}

/** What a program said, without its colours and other sequences. */
export function withoutSequences(text: string): string {
  return stripVTControlCharacters(text);
}

/** JSON on one line that a terminal does not obey either, and that still means exactly `value`. */
export function neutralJson(value: unknown): string {
  return JSON.stringify(value).replace(hostile, character => `\\u${hex(character)}`);
}

function picture(character: string): string {
  const code = character.charCodeAt(0);
  // The control pictures stand in the order of the controls.
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '\u2421' : `<U+${hex(character).toUpperCase()}>`;
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, '0');
}
