import type { Dockerfile, Word } from '../dockerfile/ast.ts';
import { parseDockerfile } from '../dockerfile/parse.ts';
import type { SourceRange } from '../source-range.ts';

/** `ZImagefile`, `ZImagefile.web`, and `web.zimagefile`. */
export function isZImagefile(file: string): boolean {
  const name = file.split(/[\\/]/).at(-1) ?? '';
  return /^zimagefile(?:\.[^.].*)?$|\.zimagefile$/i.test(name);
}

/**
 * Reads a build file of either kind: a ZImagefile by its name, anything else as a Dockerfile. The ranges of what comes of
 * a ZImagefile are places in the ZImagefile. `vars` go in place of `${NAME}` there. Never fails.
 */
export async function readBuildFile(
  file: string,
  text: string,
  vars: Readonly<Record<string, string>> = {},
): Promise<Dockerfile> {
  if (!isZImagefile(file)) return parseDockerfile(text);
  // YAML takes long to load, and most builds have none.
  const { parseZImagefile } = await import('./parse-zimagefile.ts');
  const { toDockerfile } = await import('./to-dockerfile.ts');
  const { image, findings } = parseZImagefile(text, vars);
  if (image === undefined)
    return { directives: [], escape: '`', instructions: [], findings: [...findings] };
  const made = toDockerfile(image);
  const dockerfile = placedAt(parseDockerfile(made.text), made.origins);
  return { ...dockerfile, findings: [...findings, ...dockerfile.findings] };
}

/** Puts every range of a value to what its line was made of. */
function placedAt<T>(value: T, origins: readonly (SourceRange | undefined)[]): T {
  const placed = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(placed);
    if (typeof one !== 'object' || one === null) return one;
    if (isRange(one)) return origins[one.start.line] ?? one;
    // Words work their range out when it is read: it is no field of their own.
    const fields = isWord(one) ? { text: one.text, range: one.range } : one;
    return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, placed(field)]));
  };
  return placed(value) as T;
}

function isRange(value: object): value is SourceRange {
  return 'start' in value && 'end' in value && Object.keys(value).length === 2;
}

function isWord(value: object): value is Word {
  return 'text' in value && 'range' in value && !Object.hasOwn(value, 'range');
}
