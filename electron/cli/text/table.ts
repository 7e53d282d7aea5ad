import { displayWidth, fit, fitEnd, padded } from './width.ts';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly side?: 'left' | 'right';
  /** Where a cell loses what does not fit: a reference says most at its end. */
  readonly cut?: 'start' | 'end';
  readonly cell: (row: Row) => string;
}

const gap = '   ';

/** Narrower columns would show nothing. */
const narrowest = 12;

/** Lays rows out in columns as wide as their widest cell, or less where all would be wider than `width`. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width = Infinity,
): string[] {
  const texts = columns.map(column => [column.title, ...rows.map(column.cell)]);
  const wanted = texts.map(cells =>
    cells.reduce((most, cell) => Math.max(most, displayWidth(cell)), 0),
  );
  const widths = narrowed(wanted, width - gap.length * (columns.length - 1));
  const laidOut = columns.map(({ side, cut }, at) => {
    const own = widths[at] ?? 0;
    const shorten = cut === 'start' ? fitEnd : fit;
    return (texts[at] ?? []).map(cell =>
      padded(shorten(cell, own), own, side === 'right' ? 'left' : 'right'),
    );
  });
  return Array.from({ length: rows.length + 1 }, (_, row) =>
    laidOut
      .map(cells => cells[row] ?? '')
      .join(gap)
      .trimEnd(),
  );
}

/** The widest columns give way first, down to `narrowest`. */
function narrowed(wanted: readonly number[], room: number): readonly number[] {
  const widths = [...wanted];
  for (let over = sum(widths) - room; over > 0; over = sum(widths) - room) {
    const widest = widths.indexOf(Math.max(...widths));
    const own = widths[widest] ?? 0;
    if (own <= narrowest) break;
    const next = Math.max(narrowest, ...widths.filter(width => width < own));
    widths[widest] = Math.max(next, own - over);
  }
  return widths;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
