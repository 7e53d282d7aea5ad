import { BadPatternError, compileGlob, escapeRegExp, readClass, toRegExp } from './glob.ts';

/** What a path's parent folder matched, one flag per pattern; undefined for paths at the root. */
export type ParentMatch = readonly boolean[] | undefined;

/** Decides about paths as Docker does; later patterns win over earlier ones. */
export interface IgnoreMatcher {
  /** `path` is relative with `/`. Hand on `match` as `parent` when asking for what lies in that folder. */
  check(
    path: string,
    parent: ParentMatch,
  ): { readonly ignored: boolean; readonly match: readonly boolean[] };
  /** Tells whether a `!` pattern could bring back something below the ignored folder `path`. */
  mayReinclude(path: string): boolean;
}

interface Pattern {
  readonly reincludes: boolean;
  readonly text: string;
  readonly matches: (path: string) => boolean;
}

/** How a `\` counts: on Windows hosts Docker takes it as a separator, elsewhere as an escape. */
export type Backslash = 'escape' | 'separator';

/**
 * Reads the lines of a `.dockerignore`: comments (`#` as the very first character), empty lines, a byte order mark,
 * CR before LF and leading slashes go away, `!` stays in front (moby/patternmatcher, ignorefile.ReadAll).
 */
export function parseDockerignore(text: string, backslash: Backslash = 'escape'): string[] {
  const lines = text.replace(/^\uFEFF/u, '').split(/\r?\n/u);
  return lines
    .filter(line => !line.startsWith('#'))
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(line => normalizeLine(line, backslash));
}

/**
 * Makes a matcher of `.dockerignore` lines or `--exclude` values, with the rules of moby/patternmatcher.
 * Throws BadPatternError for a pattern that Docker refuses (a lone `!`, an open `[`).
 */
export function createIgnoreMatcher(
  patterns: readonly string[],
  backslash: Backslash = 'escape',
): IgnoreMatcher {
  const compiled = patterns.flatMap(line => compileLine(line, backslash));
  return {
    check: (path, parent) => checkPath(compiled, path, parent),
    mayReinclude: path =>
      compiled.some(pattern => pattern.reincludes && reaches(pattern.text, path)),
  };
}

function normalizeLine(line: string, backslash: Backslash): string {
  const inverted = line.startsWith('!');
  const body = inverted ? line.slice(1).trim() : line;
  const cleaned = body === '' ? '' : cleanPath(slashed(body, backslash));
  const relative = cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned;
  return inverted ? `!${relative}` : relative;
}

function compileLine(line: string, backslash: Backslash): Pattern[] {
  const trimmed = line.trim();
  if (trimmed === '') return [];
  const cleaned = cleanPath(slashed(trimmed, backslash));
  const reincludes = cleaned.startsWith('!');
  const text = reincludes ? cleaned.slice(1) : cleaned;
  if (text === '') throw new BadPatternError('!');
  compileGlob(text);
  return [{ reincludes, text, matches: compilePattern(text) }];
}

function slashed(text: string, backslash: Backslash): string {
  return backslash === 'separator' ? text.replaceAll('\\', '/') : text;
}

function checkPath(
  patterns: readonly Pattern[],
  path: string,
  parent: ParentMatch,
): ReturnType<IgnoreMatcher['check']> {
  let ignored = false;
  const match = patterns.map((pattern, at) => {
    // A pattern that cannot change the verdict is not asked (as in Docker), unless the parent already matched it.
    const matched =
      parent?.[at] === true || (pattern.reincludes === ignored && pattern.matches(path));
    if (matched) ignored = !pattern.reincludes;
    return matched;
  });
  return { ignored, match };
}

/** A pattern without wildcards reaches into `folder` only by its own path. */
function reaches(text: string, folder: string): boolean {
  const literal = /^[^*?[\\]*/u.exec(text)?.[0] ?? '';
  return literal === text ? `${text}/`.startsWith(`${folder}/`) : overlap(literal, `${folder}/`);
}

function overlap(left: string, right: string): boolean {
  return left.startsWith(right) || right.startsWith(left);
}

/** Docker tells four sorts of patterns apart, and a leading `**` is compared as a plain suffix. */
function compilePattern(text: string): (path: string) => boolean {
  const isPlain = (part: string) => !/[*?[\]\\]/u.test(part);
  if (isPlain(text)) return path => path === text;
  if (text.startsWith('**') && isPlain(text.slice(2))) return suffixMatcher(text.slice(2));
  if (text.endsWith('**') && isPlain(text.slice(0, -2))) {
    const prefix = text.slice(0, -2);
    return path => path.startsWith(prefix);
  }
  const pattern = toRegExp(text, regExpSource(text));
  return path => pattern.test(path);
}

function suffixMatcher(suffix: string): (path: string) => boolean {
  const bare = suffix.startsWith('/') ? suffix.slice(1) : undefined;
  return path => path.endsWith(suffix) || path === bare;
}

function regExpSource(text: string): string {
  let source = '';
  for (let at = 0; at < text.length;) {
    const token = readToken(text, at);
    source += token.source;
    at = token.next;
  }
  return source;
}

function readToken(text: string, at: number): { readonly source: string; readonly next: number } {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (char === '*' && text[at + 1] === '*') return doubleStar(text, at + 2);
  if (char === '*') return { source: '[^/]*', next: at + 1 };
  if (char === '?') return { source: '[^/]', next: at + 1 };
  if (char === '[') return readClass(text, at);
  if (char !== '\\') return { source: escapeRegExp(char), next: at + char.length };
  const escaped = String.fromCodePoint(text.codePointAt(at + 1) ?? 0);
  return { source: escapeRegExp(escaped), next: at + 1 + escaped.length };
}

function doubleStar(
  text: string,
  behind: number,
): { readonly source: string; readonly next: number } {
  const next = text[behind] === '/' ? behind + 1 : behind;
  return { source: next === text.length ? '.*' : '(?:.*/)?', next };
}

/** Go's `filepath.Clean` for slash paths: no `.`, no doubled or trailing slash, `..` taken back where it can be. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!rooted) kept.push(part);
  }
  return `${rooted ? '/' : ''}${kept.join('/')}` || '.';
}
