import { pathKey } from '../../../shared/windows/windows-path.ts';

/** A glob, made ready. */
export interface Glob {
  /** Without a separator a glob speaks of names, in whatever directory. */
  readonly againstName: boolean;
  /** `key` is the `pathKey` of a path, or of a name. */
  matches(key: string): boolean;
}

/**
 * Reads a glob: `*` and `?` stay within a name, a segment `**` stands for any number of directories. `\` means `/`;
 * letters match in any case, everything else means itself. Matching takes no longer than the product of the lengths,
 * whatever the glob: a regular expression of it could be made to take for ever.
 */
export function parseGlob(text: string): Glob {
  const pattern = pathKey(text).replace(/^\/+/, '').split('/');
  return {
    againstName: pattern.length === 1 && pattern[0] !== '**',
    matches: key =>
      matchesAll(pattern, key.split('/'), {
        isMany: segment => segment === '**',
        isOne: (segment, name) => matchesAll(Array.from(segment), Array.from(name), characters),
      }),
  };
}

/** Reads a pattern for a whole text, in any case: `*` stands for any characters, `?` for one. */
export function parseWildcards(pattern: string): (text: string) => boolean {
  const wanted = Array.from(pattern.toUpperCase());
  return text => matchesAll(wanted, Array.from(text.toUpperCase()), characters);
}

interface Wildcards {
  readonly isMany: (wanted: string) => boolean;
  readonly isOne: (wanted: string, found: string) => boolean;
}

const characters: Wildcards = {
  isMany: wanted => wanted === '*',
  isOne: (wanted, found) => wanted === '?' || wanted === found,
};

// Where a part does not fit, the last wildcard that stands for many takes one more: earlier ones need not change.
function matchesAll(
  wanted: readonly string[],
  found: readonly string[],
  { isMany, isOne }: Wildcards,
): boolean {
  let [at, position] = [0, 0];
  let retry: { readonly at: number; position: number } | undefined;
  while (position < found.length) {
    const part = wanted[at];
    if (part !== undefined && isMany(part)) {
      retry = { at, position };
      at += 1;
    } else if (part !== undefined && isOne(part, found[position] ?? '')) {
      at += 1;
      position += 1;
    } else if (retry) {
      retry.position += 1;
      at = retry.at + 1;
      position = retry.position;
    } else return false;
  }
  return wanted.slice(at).every(isMany);
}
