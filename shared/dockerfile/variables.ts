/** Environment variables by name. On Windows names that differ only by case are the same variable. */
export class Variables {
  readonly #byKey: ReadonlyMap<string, { readonly name: string; readonly value: string }>;
  readonly #ignoreCase: boolean;

  private constructor(
    byKey: ReadonlyMap<string, { name: string; value: string }>,
    ignoreCase: boolean,
  ) {
    this.#byKey = byKey;
    this.#ignoreCase = ignoreCase;
  }

  /** Reads `NAME=value` entries, as the config of an image holds them. The last one of a name counts. */
  static of(entries: readonly string[], ignoreCase: boolean): Variables {
    return new Variables(new Map(), ignoreCase).with(entries.map(entry => pairOf(entry)));
  }

  get(name: string): string | undefined {
    return this.#byKey.get(this.#key(name))?.value;
  }

  get size(): number {
    return this.#byKey.size;
  }

  names(): string[] {
    return Array.from(this.#byKey.values(), ({ name }) => name);
  }

  /** A copy with these values. A variable that is there keeps its spelling and its place. */
  with(pairs: readonly (readonly [name: string, value: string])[]): Variables {
    const byKey = new Map(this.#byKey);
    for (const [name, value] of pairs) {
      const key = this.#key(name);
      byKey.set(key, { name: byKey.get(key)?.name ?? name, value });
    }
    return new Variables(byKey, this.#ignoreCase);
  }

  /** Names and values in the order in which the names first came. */
  pairs(): (readonly [name: string, value: string])[] {
    return Array.from(this.#byKey.values(), ({ name, value }) => [name, value]);
  }

  /** `NAME=value` entries in the order in which the names first came. */
  entries(): string[] {
    return this.pairs().map(([name, value]) => `${name}=${value}`);
  }

  #key(name: string): string {
    return this.#ignoreCase ? name.toUpperCase() : name;
  }
}

/** Splits `NAME=value`. */
export function pairOf(entry: string): readonly [name: string, value: string] {
  // Windows has hidden variables such as `=C:=C:\`: the first character is never the separator.
  const equals = entry.indexOf('=', 1);
  return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}
