import { Option } from 'commander';

/** An option that may be given several times; the flag is then the list of what was given. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, `${description}; may be repeated`).argParser(
    // commander gives `true` before the first value of an option that begins with `--no-`.
    (value: string, before: readonly string[] | true | undefined): readonly string[] => [
      ...(before === true ? [] : (before ?? [])),
      value,
    ],
  );
}

/** An option that takes one of a few words. */
export function choice(
  flags: string,
  description: string,
  words: readonly [string, ...string[]],
): Option {
  return new Option(flags, description).choices(words).default(words[0]);
}
