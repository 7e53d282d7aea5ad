/** Numbers that look random and are the same for the same seed (mulberry32). */
export interface Random {
  /** At least `from`, less than `to`. */
  between(from: number, to: number): number;
  oneOf<T>(things: readonly [T, ...T[]]): T;
  /** `size` bytes that do not compress. */
  bytes(size: number): Buffer;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    between: (from, to) => from + next() * (to - from),
    oneOf: things => things[Math.floor(next() * things.length)] ?? things[0],
    bytes: size =>
      Buffer.from(
        Uint32Array.from({ length: Math.ceil(size / 4) }, () => next() * 2 ** 32).buffer,
      ).subarray(0, size),
  };
}
