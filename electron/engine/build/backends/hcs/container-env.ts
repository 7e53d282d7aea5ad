import { pairOf, Variables } from '../../../../../shared/dockerfile/variables.ts';

/**
 * The environment of a program. Of names that differ only by case the last one counts, as Windows knows but one
 * (`Path` and `PATH`); its spelling is that of the first.
 */
export function containerEnv(
  ...sources: readonly (readonly string[] | Readonly<Record<string, string>>)[]
): Readonly<Record<string, string>> {
  const pairs = sources.flatMap(source =>
    Array.isArray(source) ? source.map(pairOf) : Object.entries(source),
  );
  return Object.fromEntries(Variables.of([], true).with(pairs).pairs());
}
