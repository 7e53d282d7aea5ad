/** One way to prove who one is, as `WWW-Authenticate` offers it. Scheme and names of parameters are in lower case. */
export interface Challenge {
  readonly scheme: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const longestHeader = 8192;
// RFC 9110: token (5.6.2), quoted-string (5.6.4), token68 (11.2).
const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const quotedString = /"((?:[^"\\]|\\.)*)"/sy;
const token68 = /[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y;
const blanks = /[ \t]*/y;
const separators = /[ \t,]*/y;

/**
 * Reads the challenges of `WWW-Authenticate` (RFC 9110, 11.6.1), of one header or several. Reading stops where the
 * grammar is broken; what was read until then counts. Never throws and takes time linear in the length.
 */
export function parseChallenges(header: string | readonly string[] | undefined): Challenge[] {
  const texts = typeof header === 'string' ? [header] : (header ?? []);
  return texts.flatMap(text => challengesOf(text.slice(0, longestHeader)));
}

function challengesOf(text: string): Challenge[] {
  const reader = createReader(text);
  const challenges: Challenge[] = [];
  for (;;) {
    reader.take(separators);
    const scheme = reader.take(token);
    if (scheme === undefined) return challenges;
    challenges.push({ scheme: scheme.toLowerCase(), parameters: parametersOf(reader) });
  }
}

interface Reader {
  /** What `pattern`, a sticky one, matches here; its first group where it has one. */
  take(pattern: RegExp): string | undefined;
  at(): number;
  back(position: number): void;
}

function createReader(text: string): Reader {
  let position = 0;
  return {
    take(pattern) {
      pattern.lastIndex = position;
      const match = pattern.exec(text);
      if (!match) return undefined;
      position += match[0].length;
      return match[1] ?? match[0];
    },
    at: () => position,
    back: to => (position = to),
  };
}

function parametersOf(reader: Reader): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  reader.take(blanks);
  const start = reader.at();
  if (reader.take(token68) !== undefined) {
    // `Basic,` and `Negotiate YII=` look alike; a bare word with "=" behind it is a parameter.
    return parameters;
  }
  reader.back(start);
  for (;;) {
    const before = reader.at();
    reader.take(separators);
    const parameter = parameterOf(reader);
    if (typeof parameter === 'string') {
      reader.back(parameter === 'broken' ? Infinity : before);
      return parameters;
    }
    // The first one counts: what comes later may have been put there by somebody else.
    if (!parameters.has(parameter.name)) parameters.set(parameter.name, parameter.value);
  }
}

/** `name=value`; `none` where the next challenge begins, or nothing that can be read. */
function parameterOf(reader: Reader): { name: string; value: string } | 'none' | 'broken' {
  const name = reader.take(token)?.toLowerCase();
  reader.take(blanks);
  if (name === undefined || reader.take(/=/y) === undefined) return 'none';
  reader.take(blanks);
  const quoted = reader.take(quotedString);
  const value = quoted === undefined ? reader.take(token) : quoted.replace(/\\(.)/gs, '$1');
  return value === undefined ? 'broken' : { name, value };
}
