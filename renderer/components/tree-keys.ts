/** What the keyboard of a tree needs of a row; rows are the visible ones, top to bottom. */
export interface TreeKeyRow {
  /** From 1, as `aria-level`. */
  readonly level: number;
  /** Absent for a row that has nothing below it. */
  readonly expanded?: boolean;
  /** What typing letters looks for. */
  readonly text: string;
}

export type TreeMove =
  | { readonly kind: 'go'; readonly index: number }
  | { readonly kind: 'toggle'; readonly index: number }
  | { readonly kind: 'activate'; readonly index: number };

/** What a key does at row `at` (WAI-ARIA "Tree View"); `page` is how many rows a page has. */
export function treeMove(
  rows: readonly TreeKeyRow[],
  at: number,
  key: string,
  page: number,
): TreeMove | undefined {
  const row = rows[at];
  if (row === undefined) return rows.length > 0 ? { kind: 'go', index: 0 } : undefined;
  const last = rows.length - 1;
  switch (key) {
    case 'ArrowDown':
      return { kind: 'go', index: Math.min(at + 1, last) };
    case 'ArrowUp':
      return { kind: 'go', index: Math.max(at - 1, 0) };
    case 'PageDown':
      return { kind: 'go', index: Math.min(at + page, last) };
    case 'PageUp':
      return { kind: 'go', index: Math.max(at - page, 0) };
    case 'Home':
      return { kind: 'go', index: 0 };
    case 'End':
      return { kind: 'go', index: last };
    case 'Enter':
      return { kind: 'activate', index: at };
    case 'ArrowRight':
      return intoRow(rows, at);
    case 'ArrowLeft':
      return outOfRow(rows, at);
    default:
      return undefined;
  }
}

function intoRow(rows: readonly TreeKeyRow[], at: number): TreeMove | undefined {
  if (rows[at]?.expanded === false) return { kind: 'toggle', index: at };
  const below = rows[at + 1];
  const isChild = below !== undefined && below.level > (rows[at]?.level ?? 0);
  return isChild ? { kind: 'go', index: at + 1 } : undefined;
}

function outOfRow(rows: readonly TreeKeyRow[], at: number): TreeMove | undefined {
  if (rows[at]?.expanded === true) return { kind: 'toggle', index: at };
  const level = rows[at]?.level ?? 1;
  for (let index = at - 1; index >= 0; index -= 1) {
    if ((rows[index]?.level ?? 0) < level) return { kind: 'go', index };
  }
  return undefined;
}

/** The next row after `at`, round the end, whose text begins with what was typed. */
export function typeAhead(
  rows: readonly TreeKeyRow[],
  at: number,
  typed: string,
): number | undefined {
  const start = typed.toLowerCase();
  // While a word is being typed the row it already stands on may stay; one letter goes on to the next.
  const first = typed.length > 1 ? 0 : 1;
  for (let step = first; step < rows.length + first; step += 1) {
    const index = (at + step) % rows.length;
    if (rows[index]?.text.toLowerCase().startsWith(start)) return index;
  }
  return undefined;
}
