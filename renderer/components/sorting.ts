export type SortValue = string | number | undefined;

/** By which column, and which way. */
export interface Sorting {
  readonly column: string;
  readonly direction: 'ascending' | 'descending';
}

interface SortableColumn<T> {
  readonly column: string;
  readonly sortValue?: (row: T) => SortValue;
}

const byWords = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** The rows in order. Rows without a value come last either way; equal ones keep their order. */
export function sortRows<T>(
  rows: readonly T[],
  columns: readonly SortableColumn<T>[],
  sorting: Sorting | undefined,
): readonly T[] {
  const valueOf = columns.find(column => column.column === sorting?.column)?.sortValue;
  if (sorting === undefined || valueOf === undefined) return rows;
  const sign = sorting.direction === 'ascending' ? 1 : -1;
  return [...rows].sort((a, b) => compare(valueOf(a), valueOf(b), sign));
}

function compare(a: SortValue, b: SortValue, sign: number): number {
  if (a === undefined || b === undefined) {
    return Number(a === undefined) - Number(b === undefined);
  }
  if (typeof a === 'number' && typeof b === 'number') return sign * (a - b);
  return sign * byWords.compare(String(a), String(b));
}
