/** A pattern that cannot be matched against anything, such as `[` without its `]`. */
export class BadPatternError extends Error {
  override readonly name = 'BadPatternError';
  readonly pattern: string;

  constructor(pattern: string) {
    super(`bad pattern: ${pattern}`);
    this.pattern = pattern;
  }
}

/** One position of a glob: what it stands for, and where the next one begins. */
interface Token {
  readonly source: string;
  readonly next: number;
}

/**
 * Compiles a pattern of Go's `path.Match`, which decides about COPY and ADD sources: `*` and `?` stop at `/`,
 * `[a-z]` and `[^a]` are classes, `\` takes the next character as it stands. Throws BadPatternError.
 */
export function compileGlob(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length;) {
    const token = readToken(pattern, at);
    source += token.source;
    at = token.next;
  }
  return toRegExp(pattern, source);
}

/** Tells whether `pattern` has a character that makes it more than a literal path. */
export function hasWildcard(pattern: string): boolean {
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern[at];
    if (char === '\\') at++;
    else if (char === '*' || char === '?' || char === '[') return true;
  }
  return false;
}

/** The literal path that a pattern without wildcards stands for: its escapes are taken away. */
export function unescapeGlob(pattern: string): string {
  return pattern.replaceAll(/\\(.)/gsu, '$1');
}

/** Escapes a text so that a regular expression with the `u` flag matches just that text, in a class or outside. */
export function escapeRegExp(text: string): string {
  return text
    .replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`)
    .replaceAll('-', String.raw`\x2d`);
}

/** Reads `[...]` at `start`; shared with the patterns of `.dockerignore`. Throws BadPatternError. */
export function readClass(pattern: string, start: number): Token {
  let at = start + 1;
  const negated = pattern[at] === '^';
  if (negated) at++;
  let ranges = '';
  while (pattern[at] !== ']' || ranges === '') {
    const low = classCharacter(pattern, at);
    at = low.next;
    if (pattern[at] !== '-') {
      ranges += escapeRegExp(low.source);
      continue;
    }
    const high = classCharacter(pattern, at + 1);
    at = high.next;
    ranges += classRange(low.source, high.source);
  }
  return { source: `[${negated ? '^' : ''}${ranges}]`, next: at + 1 };
}

/** Compiles with the flags that make `.` and classes see whole code points. */
export function toRegExp(pattern: string, source: string): RegExp {
  try {
    return new RegExp(`^${source}$`, 'su');
  } catch {
    throw new BadPatternError(pattern);
  }
}

function readToken(pattern: string, at: number): Token {
  const char = codePointAt(pattern, at);
  if (char === '*') return { source: '[^/]*', next: at + 1 };
  if (char === '?') return { source: '[^/]', next: at + 1 };
  if (char === '[') return readClass(pattern, at);
  if (char !== '\\') return { source: escapeRegExp(char), next: at + char.length };
  const escaped = codePointAt(pattern, at + 1);
  if (escaped === '') throw new BadPatternError(pattern);
  return { source: escapeRegExp(escaped), next: at + 1 + escaped.length };
}

/** One character inside a class: `]` and `-` only count when they are escaped. */
function classCharacter(pattern: string, start: number): Token {
  const at = pattern[start] === '\\' ? start + 1 : start;
  const char = codePointAt(pattern, at);
  if (char === '' || (at === start && (char === '-' || char === ']')))
    throw new BadPatternError(pattern);
  return { source: char, next: at + char.length };
}

/** Go lets `[z-a]` stand, and it matches nothing; as nothing we take a code point that no name can hold. */
function classRange(low: string, high: string): string {
  const backwards = (low.codePointAt(0) ?? 0) > (high.codePointAt(0) ?? 0);
  return backwards ? String.raw`\u{10FFFF}` : `${escapeRegExp(low)}-${escapeRegExp(high)}`;
}

function codePointAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}
