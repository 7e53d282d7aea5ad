import { table, type Column } from './table.ts';
import { neutralized } from './neutralize.ts';
import { fit } from './width.ts';

/** A table whose lines fit into `width` columns; what is longer is cut. Cells are made safe first. */
export function fittedTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): string[] {
  const safe = columns.map(column => ({
    ...column,
    cell: (row: Row) => neutralized(column.cell(row)),
  }));
  return table(safe, rows, width).map(line => fit(line, width));
}

/** Longer lines are hard to read. */
const widestText = 100;

/** Breaks a sentence into lines of at most `columns`, each behind `indent`. */
export function wrapped(text: string, columns: number, indent = ''): string[] {
  const width = Math.min(columns, widestText);
  const lines: string[] = [];
  let line = '';
  for (const word of neutralized(text).split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && indent.length + longer.length > width) {
      lines.push(indent + line);
      line = word;
    } else line = longer;
  }
  return [...lines, indent + line];
}
