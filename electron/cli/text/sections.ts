import { table, type Column } from './table.ts';
import { neutralized } from './neutralize.ts';
import { fit } from './width.ts';

/** A table whose lines fit into `columns`; what is longer is cut. Cells are made safe first. */
export function fittedTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): string[] {
  const safe = columns.map(column => ({
    ...column,
    cell: (row: Row) => neutralized(column.cell(row)),
  }));
  return table(safe, rows).map(line => fit(line, width));
}

/** Breaks a sentence into lines of at most `width`, each behind `indent`. */
export function wrapped(text: string, width: number, indent = ''): string[] {
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
