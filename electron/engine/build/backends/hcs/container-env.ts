/**
 * The environment of a program. Of names that differ only by case the last one counts, as Windows knows but one
 * (`Path` and `PATH`); its spelling is that of the first.
 */
export function containerEnv(
  ...sources: readonly (readonly string[] | Readonly<Record<string, string>>)[]
): Readonly<Record<string, string>> {
  const known = new Map<string, { readonly name: string; readonly value: string }>();
  for (const source of sources) {
    const pairs = Array.isArray(source) ? source.map(splitPair) : Object.entries(source);
    for (const [name, value] of pairs) {
      const key = name.toUpperCase();
      known.set(key, { name: known.get(key)?.name ?? name, value });
    }
  }
  return Object.fromEntries(known.values().map(({ name, value }) => [name, value]));
}

/** `NAME=value`. Windows' own hidden variables begin with `=`, so the name has at least one character. */
function splitPair(text: string): readonly [string, string] {
  const equals = text.indexOf('=', 1);
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}
