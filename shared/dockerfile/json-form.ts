import type { Word } from './ast.ts';
import { rangeIn, type LogicalLine } from './logical-line.ts';

/** What the text of an instruction is as JSON. */
export type JsonForm =
  | { readonly kind: 'array'; readonly words: readonly Word[] }
  /** It does not start with `[`. */
  | { readonly kind: 'none' }
  /** It starts with `[` and is no JSON: Docker then takes it as shell form or as plain words. */
  | { readonly kind: 'broken' }
  /** JSON, but with something else than strings in it: an error for Docker. */
  | { readonly kind: 'not-strings' };

/** Reads the rest of a line as a JSON array of strings. `from` is the first character that is not white space. */
export function readJson(line: LogicalLine, from: number): JsonForm {
  if (line.text[from] !== '[') return { kind: 'none' };
  const value = parsed(line.text.slice(from));
  if (!Array.isArray(value)) return { kind: 'broken' };
  if (!value.every(item => typeof item === 'string')) return { kind: 'not-strings' };
  return { kind: 'array', words: placed(line, from, value) };
}

function parsed(text: string): unknown {
  // The usual mistake is found without the cost of an exception.
  if (!text.trimEnd().endsWith(']')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Finds the string tokens again: in valid JSON of strings only, a quote opens one and the next bare quote ends it. */
function placed(line: LogicalLine, from: number, values: readonly string[]): Word[] {
  let at = from;
  return values.map(value => {
    const start = line.text.indexOf('"', at);
    let end = start + 1;
    while (line.text[end] !== '"') end += line.text[end] === '\\' ? 2 : 1;
    at = end + 1;
    return { text: value.toWellFormed(), range: rangeIn(line, start, at) };
  });
}

/**
 * Tells whether shell text that starts with `[` was probably meant as JSON. `[ "$A" = b ] && c` is a shell's test
 * command and stays quiet.
 */
export function looksLikeJson(text: string): boolean {
  return /^\[\s*["']/.test(text) && !/\]\s*(?:&&|\|\||;)/.test(text.slice(0, 4096));
}
