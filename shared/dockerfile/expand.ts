import type { EscapeCharacter } from './ast.ts';
import { isSpace } from './characters.ts';
import {
  readPattern,
  replaceMatches,
  trimPrefix,
  trimSuffix,
  type Segment,
} from './glob-pattern.ts';

/** Gives a variable's value, or undefined where it is not set. */
type Lookup = (name: string) => string | undefined;

export interface ExpandOptions {
  readonly escape: EscapeCharacter;
  readonly lookup: Lookup;
  /** Quotes are characters like any other (the content of here-documents). */
  readonly ignoreQuotes?: boolean;
  /** Quotes, escapes and unset variables stay as written: for looking at a line's words, not at its values. */
  readonly verbatim?: boolean;
  /** Like `verbatim` for unset variables only. */
  readonly keepUnset?: boolean;
  /** Longest allowed result in UTF-16 units; a value that doubles itself line by line stops here. */
  readonly limit?: number;
}

export type Expansion =
  | {
      readonly ok: true;
      readonly value: string;
      /** The value cut at white space that was neither quoted nor escaped. */
      readonly words: readonly string[];
      /** Names that were asked for and not set, each once. */
      readonly unset: readonly string[];
      readonly used: readonly string[];
    }
  | { readonly ok: false; readonly message: string; readonly offset: number };

const defaultLimit = 131_072;
const deepest = 64;

const operators: ReadonlySet<string> = new Set([':-', '-', ':+', '+', ':?', '?', '#', '%']);
const anySpace = /[\s\u0085]/;
const plainRun = /[^$<'"\\`/}]+/y;
const angle = /<<[\t\r ]*|</y;
const variableName = /\p{Nd}+|[@*#?\-$!]|[\p{L}_][\p{L}\p{Nd}_]*/uy;

/** What `pattern` (sticky) matches at `at`. */
function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/**
 * Expands `$name`, `${name}` and its modifiers, and removes quotes and escapes (Dockerfile reference,
 * "Environment replacement"; the corner cases are those of BuildKit's frontend/dockerfile/shell).
 */
export function expand(text: string, options: ExpandOptions): Expansion {
  const lexer = new Lexer(text, options);
  try {
    const { value, words } = lexer.run();
    return { ok: true, value, words, unset: [...lexer.unset], used: [...lexer.used] };
  } catch (problem) {
    if (!(problem instanceof ExpansionProblem)) throw problem;
    return { ok: false, message: problem.message, offset: problem.offset };
  }
}

class ExpansionProblem extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Collects characters and, beside them, the words they form. */
class Output {
  value = '';
  readonly words: string[] = [];
  #word = '';

  /** Text whose white space separates words. */
  addSplit(text: string): void {
    this.value += text;
    if (!anySpace.test(text)) {
      this.#append(text);
      return;
    }
    for (const character of text) {
      if (!isSpace(character.charCodeAt(0))) this.#append(character);
      else this.#finishWord();
    }
  }

  /** Text whose white space is part of a word. */
  addWhole(text: string): void {
    this.value += text;
    this.#append(text);
  }

  finish(): void {
    this.#finishWord();
  }

  #append(text: string): void {
    this.#word += text;
  }

  #finishWord(): void {
    if (this.#word !== '') this.words.push(this.#word);
    this.#word = '';
  }
}

class Lexer {
  readonly unset = new Set<string>();
  readonly used = new Set<string>();
  readonly #text: string;
  readonly #options: ExpandOptions;
  readonly #limit: number;
  #at = 0;
  #depth = 0;
  #rawEscapes: boolean;

  constructor(text: string, options: ExpandOptions) {
    this.#text = text;
    this.#options = options;
    this.#limit = options.limit ?? defaultLimit;
    this.#rawEscapes = options.verbatim === true;
  }

  run(): Output {
    return this.#until('', this.#rawEscapes);
  }

  /** Reads up to `stop` (and over it), or to the end where `stop` is empty. */
  #until(stop: string, rawEscapes: boolean): Output {
    if (++this.#depth > deepest)
      this.#fail(`The expression is nested more than ${deepest} levels deep.`);
    const outerRaw = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    const output = new Output();
    while (this.#at < this.#text.length) {
      if (stop !== '' && this.#text[this.#at] === stop) break;
      this.#step(output);
      this.#check(output.value);
    }
    if (stop !== '' && this.#at >= this.#text.length) this.#fail(`A ${stop} is missing.`);
    if (stop !== '') this.#at++;
    this.#rawEscapes = outerRaw;
    this.#depth--;
    output.finish();
    return output;
  }

  #step(output: Output): void {
    const character = this.#text.charAt(this.#at);
    if (character === '$') output.addSplit(this.#dollar());
    else if (character === '<') this.#angle(output);
    else if (character === "'" && !this.#options.ignoreQuotes)
      output.addWhole(this.#singleQuoted());
    else if (character === '"' && !this.#options.ignoreQuotes)
      output.addWhole(this.#doubleQuoted());
    else if (character === this.#options.escape) this.#escaped(output);
    else output.addSplit(this.#plain());
  }

  #plain(): string {
    const run = matchAt(plainRun, this.#text, this.#at);
    if (run === undefined) return this.#next();
    this.#at += run.length;
    return run;
  }

  #next(): string {
    const point = this.#text.codePointAt(this.#at);
    const character = point === undefined ? '' : String.fromCodePoint(point);
    this.#at += character.length;
    return character;
  }

  /** An escape character at the very end disappears. */
  #escaped(output: Output): void {
    this.#at++;
    if (this.#rawEscapes) output.addWhole(this.#options.escape);
    if (this.#at < this.#text.length) output.addWhole(this.#next());
  }

  /** `<<` keeps the blanks behind it, so that `<< EOF` is one word. */
  #angle(output: Output): void {
    const text = matchAt(angle, this.#text, this.#at) ?? '<';
    this.#at += text.length;
    output.addWhole(text);
  }

  #singleQuoted(): string {
    const start = this.#at;
    const end = this.#text.indexOf("'", start + 1);
    if (end < 0) this.#fail("The closing ' is missing.");
    this.#at = end + 1;
    return this.#options.verbatim
      ? this.#text.slice(start, end + 1)
      : this.#text.slice(start + 1, end);
  }

  #doubleQuoted(): string {
    const start = this.#at++;
    let value = '';
    while (this.#text[this.#at] !== '"') {
      if (this.#at >= this.#text.length) {
        this.#at = start;
        this.#fail('The closing " is missing.');
      }
      value += this.#text[this.#at] === '$' ? this.#dollar() : this.#quotedCharacter();
      this.#check(value);
    }
    this.#at++;
    return this.#options.verbatim ? `"${value}"` : value;
  }

  /** In double quotes the escape character counts only in front of `"`, `$` and itself. */
  #quotedCharacter(): string {
    const { escape } = this.#options;
    const character = this.#next();
    if (character !== escape) return character;
    const following = this.#text[this.#at];
    const kept = this.#rawEscapes ? escape : '';
    if (following === undefined) return kept;
    if (following === '"' || following === '$' || following === escape) return kept + this.#next();
    return kept + character;
  }

  #dollar(): string {
    this.#at++;
    if (this.#text[this.#at] === '{') return this.#braced();
    const name = this.#name();
    if (name === '') return '$';
    const value = this.#value(name);
    return value ?? (this.#keepsUnset() ? `$${name}` : '');
  }

  #braced(): string {
    const start = this.#at - 1;
    this.#at++;
    const name = this.#name();
    if (name === '') this.#failAt(start, 'A variable name must follow ${.');
    const operator = this.#next();
    if (operator === '}') return this.#value(name) ?? (this.#keepsUnset() ? `\${${name}}` : '');
    if (operator === '/') return this.#replace(name);
    const written = operator === ':' ? `:${this.#next()}` : operator;
    return this.#modified(name, written, start);
  }

  /** `written` is the modifier: one of `operators`. */
  #modified(name: string, written: string, start: number): string {
    this.#checkOperator(name, written, start);
    const trims = written === '#' || written === '%';
    const word = this.#until('}', trims).value;
    const value = this.#value(name);
    if (value === undefined && this.#keepsUnset()) return `\${${name}${written}${word}}`;
    if (trims) return this.#trim(value ?? '', written, word, start);
    const isEmpty = written.startsWith(':') && value === '';
    const present = isEmpty ? undefined : value;
    if (written.endsWith('+')) return present === undefined ? '' : word;
    if (written.endsWith('-') || present !== undefined) return present ?? word;
    return this.#failAt(start, `${name}: ${word || unsetReason(isEmpty)}`);
  }

  #checkOperator(name: string, written: string, start: number): void {
    if (written === '' || written === ':') this.#failAt(start, 'A } is missing.');
    if (operators.has(written)) return;
    const known = 'Use :- - :+ + :? ? # ## % %% / or //.';
    this.#failAt(start, `\${${name}${written}...} is not supported. ${known}`);
  }

  #trim(value: string, operator: string, word: string, start: number): string {
    const longest = word.startsWith(operator);
    const pattern = this.#pattern(longest ? word.slice(1) : word, start);
    return operator === '#'
      ? trimPrefix(value, pattern, longest)
      : trimSuffix(value, pattern, longest);
  }

  #replace(name: string): string {
    const start = this.#at;
    const all = this.#text[this.#at] === '/';
    if (all) this.#at++;
    const pattern = this.#until('/', true).value;
    const replacement = this.#until('}', true).value;
    const value = this.#value(name);
    if (value === undefined && this.#keepsUnset()) {
      return `\${${name}/${all ? '/' : ''}${pattern}/${replacement}}`;
    }
    const replace = { text: replacement, all, limit: this.#limit };
    return replaceMatches(value ?? '', this.#pattern(pattern, start), replace);
  }

  #pattern(text: string, start: number): readonly Segment[] {
    const pattern = readPattern(text, this.#options.escape);
    return pattern.ok ? pattern.segments : this.#failAt(start, patternText(text));
  }

  /** A name, a run of digits, or one special parameter such as `@`; empty where none of them follows. */
  #name(): string {
    const name = matchAt(variableName, this.#text, this.#at) ?? '';
    this.#at += name.length;
    return name;
  }

  #value(name: string): string | undefined {
    const value = this.#options.lookup(name);
    (value === undefined ? this.unset : this.used).add(name);
    return value;
  }

  #keepsUnset(): boolean {
    return this.#options.keepUnset === true || this.#options.verbatim === true;
  }

  #check(value: string): void {
    if (value.length > this.#limit) this.#fail(`The value grows beyond ${this.#limit} characters.`);
  }

  #fail(message: string): never {
    return this.#failAt(this.#at, message);
  }

  #failAt(offset: number, message: string): never {
    throw new ExpansionProblem(message, Math.min(offset, this.#text.length));
  }
}

function unsetReason(isEmpty: boolean): string {
  return isEmpty ? 'is empty' : 'is not set';
}

function patternText(text: string): string {
  return `The pattern ${text} has an escape before a character that needs none. Escape only * ? \\ } and /.`;
}
