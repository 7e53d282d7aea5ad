import { refusedOption } from './option-fields.ts';

/**
 * Reads `NAME=VALUE` of an option that may be given several times. `missing` gives the value where there is no `=`;
 * undefined leaves the name out. Throws `bad-request`.
 */
export function pairs(
  flag: string,
  given: readonly string[],
  missing: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  const entries = given.flatMap(text => {
    const equals = text.indexOf('=');
    const name = equals < 0 ? text : text.slice(0, equals);
    if (name === '') throw refusedOption(flag, `"${text}" has no name; write NAME=VALUE`);
    const value = equals < 0 ? missing(name) : text.slice(equals + 1);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** Reads `NAME=VALUE` where a value must be there. Throws `bad-request`. */
export function fullPairs(
  flag: string,
  given: readonly string[],
): Readonly<Record<string, string>> {
  return pairs(flag, given, name => {
    throw refusedOption(flag, `${name} needs a value: ${name}=VALUE`);
  });
}
