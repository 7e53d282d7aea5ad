import { ArrowDown, ArrowUp } from 'lucide-react';
import { useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { sortRows, type Sorting, type SortValue } from './sorting.ts';
import './table.css';

export interface Column<T> {
  readonly column: string;
  readonly title: string;
  readonly render: (row: T) => ReactNode;
  /** Makes the column sortable. */
  readonly sortValue?: (row: T) => SortValue;
  readonly align?: 'start' | 'end';
  /** A CSS width; columns without one share what is left. */
  readonly width?: string;
}

export interface TableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly selectedKey?: string | undefined;
  readonly onSelect?: (row: T) => void;
  /** Enter or a double click. */
  readonly onActivate?: (row: T) => void;
  /** Delete, menus and the like: keys that the table itself does not use. */
  readonly onRowKeyDown?: (row: T, event: KeyboardEvent<HTMLElement>) => void;
  readonly onRowContextMenu?: (row: T, event: React.MouseEvent<HTMLElement>) => void;
  readonly initialSorting?: Sorting;
  /** A CSS width below which the table scrolls sideways instead of getting narrower. */
  readonly minWidth?: string;
}

/** A table whose rows are one stop for Tab; arrows, Home and End go along them, Enter opens, Space selects. */
export function Table<T>(props: TableProps<T>) {
  const { label, columns, rows, rowKey, selectedKey, initialSorting } = props;
  const [sorting, setSorting] = useState(initialSorting);
  const [focusedKey, setFocusedKey] = useState<string>();
  const body = useRef<HTMLTableSectionElement>(null);
  const sorted = useMemo(() => sortRows(rows, columns, sorting), [rows, columns, sorting]);
  const keys = sorted.map(rowKey);
  const stopKey = [focusedKey, selectedKey].find(key => key !== undefined && keys.includes(key));
  const moveTo = (index: number) => {
    const row = body.current?.rows[Math.max(0, Math.min(index, sorted.length - 1))];
    row?.focus();
    row?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <table
      role="grid"
      aria-label={label}
      aria-rowcount={sorted.length + 1}
      className="table"
      style={{ minWidth: props.minWidth }}
    >
      <colgroup>
        {columns.map(column => (
          <col key={column.column} style={{ width: column.width }} />
        ))}
      </colgroup>
      <thead>
        <tr>
          {columns.map(column => (
            <HeadCell key={column.column} column={column} sorting={sorting} onSort={setSorting} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {sorted.map((row, index) => (
          <tr
            key={keys[index]}
            tabIndex={keys[index] === (stopKey ?? keys[0]) ? 0 : -1}
            aria-selected={props.onSelect && keys[index] === selectedKey}
            className="table__row"
            onFocus={() => setFocusedKey(keys[index])}
            onClick={() => props.onSelect?.(row)}
            onDoubleClick={() => props.onActivate?.(row)}
            onContextMenu={event => props.onRowContextMenu?.(row, event)}
            onKeyDown={event => {
              if (event.target !== event.currentTarget) return;
              const target = rowTarget(event.key, index, sorted.length);
              if (target !== undefined) moveTo(target);
              else if (event.key === 'Enter') (props.onActivate ?? props.onSelect)?.(row);
              else if (event.key === ' ') props.onSelect?.(row);
              else return props.onRowKeyDown?.(row, event);
              event.preventDefault();
            }}
          >
            {columns.map(column => (
              <td key={column.column} className={cellClass(column)}>
                {column.render(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const pageRows = 10;

function rowTarget(key: string, index: number, count: number): number | undefined {
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + pageRows,
    PageUp: index - pageRows,
    Home: 0,
    End: count - 1,
  };
  return targets[key];
}

function cellClass<T>(column: Column<T>): string {
  return classNames('table__cell', column.align === 'end' && 'table__cell--end');
}

interface HeadCellProps<T> {
  readonly column: Column<T>;
  readonly sorting: Sorting | undefined;
  readonly onSort: (sorting: Sorting) => void;
}

function HeadCell<T>({ column, sorting, onSort }: HeadCellProps<T>) {
  return (
    <th scope="col" aria-sort={ariaSort(column, sorting)} className={cellClass(column)}>
      <HeadContent column={column} sorting={sorting} onSort={onSort} />
    </th>
  );
}

/** The head of a column in a grid that is no HTML table. */
export function HeadButton<T>(props: HeadCellProps<T> & { readonly className: string }) {
  const { column, sorting, onSort, className } = props;
  return (
    <div role="columnheader" aria-sort={ariaSort(column, sorting)} className={className}>
      <HeadContent column={column} sorting={sorting} onSort={onSort} />
    </div>
  );
}

function ariaSort<T>(
  { column, sortValue }: Column<T>,
  sorting: Sorting | undefined,
): Sorting['direction'] | 'none' | undefined {
  if (sortValue === undefined) return undefined;
  return sorting?.column === column ? sorting.direction : 'none';
}

/** The title, which sorts by the column where it can be sorted. */
function HeadContent<T>({ column, sorting, onSort }: HeadCellProps<T>) {
  if (column.sortValue === undefined) return column.title;
  const direction = sorting?.column === column.column ? sorting.direction : undefined;
  const next = direction === 'ascending' ? 'descending' : 'ascending';
  return (
    <button
      type="button"
      className="table__sort"
      onClick={() => onSort({ column: column.column, direction: next })}
    >
      {column.title}
      {direction === 'ascending' && <ArrowUp aria-hidden="true" />}
      {direction === 'descending' && <ArrowDown aria-hidden="true" />}
    </button>
  );
}
