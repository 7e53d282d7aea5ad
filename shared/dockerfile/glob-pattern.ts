/** A pattern of `${name#pattern}` and its kin: runs of characters between `*`; null stands for `?`. */
export type Segment = readonly (string | null)[];

/** Problem text, or the pattern cut at its stars. */
export type ShellPattern =
  | { readonly ok: true; readonly segments: readonly Segment[] }
  | { readonly ok: false };

/**
 * Reads a pattern with `*`, `?` and escapes. `\` escapes `*`, `?` and `\` (POSIX 2.13, without brackets, as
 * BuildKit has it); in front of `}` and `/` it only kept the pattern from ending there. The file's own escape
 * character does the same.
 */
export function readPattern(text: string, escape: string): ShellPattern {
  const segments: (string | null)[][] = [[]];
  const characters = Array.from(text);
  for (let at = 0; at < characters.length; at++) {
    let character = characters[at] ?? '';
    if (character === '*') {
      segments.push([]);
      continue;
    }
    if (character === '?') {
      segments.at(-1)?.push(null);
      continue;
    }
    if (character === '\\' || character === escape) {
      const escaped = characters[at + 1];
      const isEscape = escaped !== undefined && isEscapable(escaped, escape);
      // A backtick that escapes nothing stands for itself; BuildKit knows only `\` in patterns.
      if (!isEscape && character === '\\') return { ok: false };
      if (isEscape) {
        character = escaped;
        at++;
      }
    }
    segments.at(-1)?.push(character);
  }
  return { ok: true, segments };
}

function isEscapable(character: string, escape: string): boolean {
  return '*?\\}/'.includes(character) || character === escape;
}

/** `#` and `##`: the value without the shortest or longest match at its start. */
export function trimPrefix(value: string, segments: readonly Segment[], longest: boolean): string {
  const characters = Array.from(value);
  const end = matchEnd(characters, 0, segments, longest);
  return end === undefined ? value : characters.slice(end).join('');
}

/** `%` and `%%`: the same at the end. */
export function trimSuffix(value: string, segments: readonly Segment[], longest: boolean): string {
  const reversed = segments.map(segment => segment.toReversed()).toReversed();
  const characters = Array.from(value).toReversed();
  const end = matchEnd(characters, 0, reversed, longest);
  return end === undefined ? value : characters.slice(end).toReversed().join('');
}

export interface Replacement {
  readonly text: string;
  readonly all: boolean;
  /** Stops when the result is longer than this; the caller refuses such a result. */
  readonly limit: number;
}

/** `/` and `//`: the value with the first (or each) longest match replaced. */
export function replaceMatches(
  value: string,
  segments: readonly Segment[],
  replacement: Replacement,
): string {
  const characters = Array.from(value);
  const result: string[] = [];
  let at = 0;
  let lastEnd = -1;
  let length = 0;
  while (at <= characters.length && length <= replacement.limit) {
    const found = nextMatch(characters, at, segments);
    if (found === undefined) break;
    result.push(...slice(characters, at, found.start));
    // Go's ReplaceAll takes no empty match directly behind a match.
    if (found.end > found.start || found.end !== lastEnd) result.push(replacement.text);
    if (found.end === found.start) result.push(...slice(characters, found.end, found.end + 1));
    at = Math.max(found.end, found.start + 1);
    lastEnd = found.end;
    length += replacement.text.length;
    if (!replacement.all) break;
  }
  return result.join('') + characters.slice(at).join('');
}

function slice(characters: readonly string[], start: number, end: number): string[] {
  return start === end ? [] : [characters.slice(start, end).join('')];
}

function nextMatch(
  characters: readonly string[],
  from: number,
  segments: readonly Segment[],
): { start: number; end: number } | undefined {
  const start = find(characters, from, segments[0] ?? []);
  if (start === undefined) return undefined;
  // If the rest does not fit behind the first place, it fits behind no later one either.
  const end = matchEnd(characters, start, segments, true);
  return end === undefined ? undefined : { start, end };
}

/** The end of a match that starts at `from`: as early or as late as the stars allow. Time: value times pattern. */
function matchEnd(
  characters: readonly string[],
  from: number,
  segments: readonly Segment[],
  longest: boolean,
): number | undefined {
  const [first = [], ...others] = segments;
  if (!fits(characters, from, first)) return undefined;
  let end = from + first.length;
  const last = others.pop();
  for (const segment of others) {
    const found = find(characters, end, segment);
    if (found === undefined) return undefined;
    end = found + segment.length;
  }
  if (last === undefined) return end;
  const at = longest ? findLast(characters, end, last) : find(characters, end, last);
  return at === undefined ? undefined : at + last.length;
}

function fits(characters: readonly string[], at: number, segment: Segment): boolean {
  if (at + segment.length > characters.length) return false;
  return segment.every((wanted, index) => wanted === null || wanted === characters[at + index]);
}

function find(characters: readonly string[], from: number, segment: Segment): number | undefined {
  for (let at = from; at + segment.length <= characters.length; at++) {
    if (fits(characters, at, segment)) return at;
  }
  return undefined;
}

function findLast(
  characters: readonly string[],
  from: number,
  segment: Segment,
): number | undefined {
  for (let at = characters.length - segment.length; at >= from; at--) {
    if (fits(characters, at, segment)) return at;
  }
  return undefined;
}
