const firstSurrogate = 0xd800;
const behindSurrogates = 0xe000;

/**
 * Compares by code points, which is also the order of the UTF-8 bytes: the same on every machine and in every locale.
 */
export function compareCodePoints(left: string, right: string): number {
  return compare(left, right, codeRank);
}

/** As `compareCodePoints`, but `/` comes before everything: a folder stands before its content, and nothing between. */
export function comparePaths(left: string, right: string): number {
  return compare(left, right, pathRank);
}

function compare(left: string, right: string, rank: (code: number) => number): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

// UTF-16 puts what needs two units (surrogates) before U+E000 to U+FFFF; code points put it behind them.
function codeRank(code: number): number {
  return code >= firstSurrogate && code < behindSurrogates ? code + 0x10000 : code;
}

function pathRank(code: number): number {
  return code === 0x2f ? -1 : codeRank(code);
}
