/** How well a text fits a query, and which of its characters (UTF-16 indices) do. */
export interface FuzzyMatch {
  readonly score: number;
  readonly positions: readonly number[];
}

const startBonus = 8;
const runBonus = 5;
const gapCost = 1;

/**
 * Matches the letters of `query` in order, in any case; words of the query may stand in any order.
 * Beginnings of words and runs count more. Gives undefined where it does not fit.
 */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | undefined {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const positions = new Set<number>();
  let score = -text.length / 100;
  for (const word of words) {
    const match = bestMatch(word, text);
    if (match === undefined) return undefined;
    score += match.score;
    for (const position of match.positions) positions.add(position);
  }
  return { score, positions: [...positions].sort((a, b) => a - b) };
}

/** Tries every place where the word can begin and keeps the best; texts are titles, so they are short. */
function bestMatch(word: string, text: string): FuzzyMatch | undefined {
  const lower = text.toLowerCase();
  let best: FuzzyMatch | undefined;
  for (let from = lower.indexOf(word.charAt(0)); from >= 0;) {
    const match = matchFrom(word, lower, from);
    if (match === undefined) break;
    if (best === undefined || match.score > best.score) best = match;
    from = lower.indexOf(word.charAt(0), from + 1);
  }
  return best;
}

function matchFrom(word: string, lower: string, from: number): FuzzyMatch | undefined {
  const positions: number[] = [];
  let score = 0;
  let at = from - 1;
  for (const letter of word) {
    const found = lower.indexOf(letter, at + 1);
    if (found < 0) return undefined;
    if (positions.length > 0) score += found === at + 1 ? runBonus : -gapCost * (found - at - 1);
    if (isWordStart(lower, found)) score += startBonus;
    positions.push(found);
    at = found;
  }
  return { score, positions };
}

function isWordStart(text: string, index: number): boolean {
  return index === 0 || !/[\p{L}\p{N}]/u.test(text.charAt(index - 1));
}

/** The items that fit, best first; equal ones keep their order. An empty query keeps all. */
export function fuzzyFilter<T>(
  query: string,
  items: readonly T[],
  textOf: (item: T) => string,
): readonly { readonly item: T; readonly match: FuzzyMatch }[] {
  return items
    .flatMap(item => {
      const match = fuzzyMatch(query, textOf(item));
      return match === undefined ? [] : [{ item, match }];
    })
    .sort((a, b) => (query.trim() === '' ? 0 : b.match.score - a.match.score));
}
