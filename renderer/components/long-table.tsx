import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { classNames } from './class-names.ts';
import { cursorTarget } from './cursor-target.ts';
import { rowPixels } from './row-height.ts';
import { sortRows } from './sorting.ts';
import { HeadButton, type Column, type TableProps } from './table.tsx';
import './long-table.css';

export interface LongTableProps<T> extends Omit<
  TableProps<T>,
  'onRowKeyDown' | 'onRowContextMenu'
> {
  /** All rows there are, where more can be loaded. */
  readonly total?: number;
  /** The end of the rows comes into view. */
  readonly onEnd?: () => void;
}

/** In rem: 30 px at the standard text size. */
const rowRem = 2.3077;
/** Rows before the end at which the next ones are asked for. */
const ahead = 50;

/** A table of any length that draws only the rows in view. The grid keeps the focus and points at its row. */
export function LongTable<T>(props: LongTableProps<T>) {
  const { label, columns, rows, rowKey, selectedKey, initialSorting, onEnd } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = rowPixels(rowRem);
  const [sorting, setSorting] = useState(initialSorting);
  const [cursorKey, setCursorKey] = useState<string>();
  const sorted = useMemo(() => sortRows(rows, columns, sorting), [rows, columns, sorting]);
  const at = sorted.findIndex(row => rowKey(row) === (cursorKey ?? selectedKey));
  const cursor = at < 0 && sorted.length > 0 ? 0 : at;
  // oxlint-disable-next-line react/incompatible-library -- only the React compiler minds, and it is not used
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    onChange: ({ range }) => {
      if (range !== null && range.endIndex >= sorted.length - ahead) onEnd?.();
    },
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);
  const goTo = (index: number) => {
    const row = sorted[index];
    if (row === undefined) return;
    setCursorKey(rowKey(row));
    virtual.scrollToIndex(index, { align: 'auto' });
    props.onSelect?.(row);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const target = cursorTarget(event.key, cursor, { count: sorted.length, page });
    const row = sorted[cursor];
    if (target !== undefined) goTo(target);
    else if (event.key === 'Enter' && row !== undefined)
      (props.onActivate ?? props.onSelect)?.(row);
    else if (event.key === ' ' && row !== undefined) goTo(cursor);
    else return;
    event.preventDefault();
  };
  const template = columns.map(({ width }) => width ?? 'minmax(0, 1fr)').join(' ');
  const items = virtual.getVirtualItems();
  const isDrawn = items.some(({ index }) => index === cursor);
  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={(props.total ?? sorted.length) + 1}
      aria-activedescendant={isDrawn ? `${id}-${cursor}` : undefined}
      tabIndex={0}
      className="long-table"
      onKeyDown={onKeyDown}
    >
      <div className="long-table__sheet" role="presentation" style={{ minWidth: props.minWidth }}>
        <div role="rowgroup" className="long-table__head">
          <div
            role="row"
            aria-rowindex={1}
            className="long-table__row"
            style={{ gridTemplateColumns: template }}
          >
            {columns.map(column => (
              <HeadButton
                key={column.column}
                column={column}
                sorting={sorting}
                onSort={setSorting}
                className={cellClass(column)}
              />
            ))}
          </div>
        </div>
        <div
          role="rowgroup"
          className="long-table__body"
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map(item => {
            const row = sorted[item.index];
            if (row === undefined) return null;
            const key = rowKey(row);
            return (
              // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid itself takes the keys
              <div
                key={key}
                role="row"
                id={`${id}-${item.index}`}
                tabIndex={-1}
                aria-rowindex={item.index + 2}
                aria-selected={props.onSelect && key === selectedKey}
                className={classNames(
                  'long-table__row',
                  item.index === cursor && 'long-table__row--cursor',
                )}
                style={{
                  gridTemplateColumns: template,
                  height: rowHeight,
                  transform: `translateY(${item.start}px)`,
                }}
                onMouseDown={event => {
                  if (event.target instanceof Element && event.target.closest('button')) return;
                  event.preventDefault();
                  scroller.current?.focus({ preventScroll: true });
                }}
                onClick={() => goTo(item.index)}
                onDoubleClick={() => props.onActivate?.(row)}
              >
                {columns.map(column => (
                  <div key={column.column} role="gridcell" className={cellClass(column)}>
                    {column.render(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function cellClass<T>(column: Column<T>): string {
  return classNames('long-table__cell', column.align === 'end' && 'long-table__cell--end');
}
