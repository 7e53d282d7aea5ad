import { displayWidth, padded } from './width.ts';

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly side?: 'left' | 'right';
  readonly cell: (row: Row) => string;
}

const gap = '   ';

/** Lays rows out in columns as wide as their widest cell, two spaces and one apart. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string[] {
  const laidOut = columns.map(column => {
    const cells = [column.title, ...rows.map(column.cell)];
    const width = Math.max(...cells.map(displayWidth));
    return cells.map(cell => padded(cell, width, column.side === 'right' ? 'left' : 'right'));
  });
  return Array.from({ length: rows.length + 1 }, (_, row) =>
    laidOut
      .map(cells => cells[row] ?? '')
      .join(gap)
      .trimEnd(),
  );
}
