import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ChevronRight } from 'lucide-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { rowPixels } from './row-height.ts';
import { treeMove, typeAhead, type TreeKeyRow, type TreeMove } from './tree-keys.ts';
import './tree-view.css';

/** One visible row. The owner flattens its tree, so that it may load children when they are wanted. */
export interface TreeRow<T> extends TreeKeyRow {
  readonly rowKey: string;
  readonly value: T;
  /** Place among its siblings from 1, and their number (`aria-posinset`, `aria-setsize`; -1 where unknown). */
  readonly posInSet: number;
  readonly setSize: number;
}

export interface TreeViewProps<T> {
  readonly label: string;
  readonly rows: readonly TreeRow<T>[];
  readonly renderRow: (row: TreeRow<T>) => ReactNode;
  readonly selectedKey?: string | undefined;
  /** The cursor came to a row by key or click. */
  readonly onSelect?: (row: TreeRow<T>) => void;
  readonly onToggle: (row: TreeRow<T>) => void;
  /** Enter or a double click. */
  readonly onActivate?: (row: TreeRow<T>) => void;
  readonly onContextMenu?: (row: TreeRow<T>, event: React.MouseEvent<HTMLElement>) => void;
  /** In px; by default 26 px at the standard text size. */
  readonly rowHeight?: number;
  /** The range of rows that is drawn has changed: time to load more. */
  readonly onRange?: (firstIndex: number, lastIndex: number) => void;
  readonly className?: string;
}

const typingPauseMs = 700;
const rowRem = 2;

/** A tree that draws only the rows in view. The tree keeps the focus and points at its row (`aria-activedescendant`). */
export function TreeView<T>(props: TreeViewProps<T>) {
  const { label, rows, renderRow, selectedKey, rowHeight = rowPixels(rowRem) } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: '', at: 0 });
  const [cursorKey, setCursorKey] = useState<string>();
  const found = rows.findIndex(row => row.rowKey === (cursorKey ?? selectedKey));
  const cursor = found < 0 && rows.length > 0 ? 0 : found;
  // oxlint-disable-next-line react/incompatible-library -- only the React compiler minds, and it is not used
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // The row at the cursor stays drawn when scrolled away, or aria-activedescendant would point at nothing.
    rangeExtractor: range => {
      const drawn = defaultRangeExtractor(range);
      return cursor < 0 || drawn.includes(cursor)
        ? drawn
        : [cursor, ...drawn].sort((a, b) => a - b);
    },
    onChange: instance => {
      const { range } = instance;
      if (range !== null) props.onRange?.(range.startIndex, range.endIndex);
    },
  });

  useEffect(() => virtual.measure(), [virtual, rowHeight]);

  // What is selected from outside comes into view, once.
  const shownKey = useRef<string>(undefined);
  const selectedIndex = rows.findIndex(row => row.rowKey === selectedKey);
  useEffect(() => {
    if (selectedIndex < 0 || shownKey.current === selectedKey) return;
    shownKey.current = selectedKey;
    setCursorKey(selectedKey);
    virtual.scrollToIndex(selectedIndex, { align: 'auto' });
  }, [virtual, selectedIndex, selectedKey]);

  const goTo = (index: number) => {
    const row = rows[index];
    if (row === undefined) return;
    setCursorKey(row.rowKey);
    virtual.scrollToIndex(index, { align: 'auto' });
    props.onSelect?.(row);
  };
  const makeMove = (move: TreeMove, row: TreeRow<T>) => {
    if (move.kind === 'go') goTo(move.index);
    else if (move.kind === 'toggle') props.onToggle(row);
    else activate(row, props);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const move = treeMove(rows, cursor, event.key, page);
    const row = rows[move?.index ?? cursor];
    if (row === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (move !== undefined) makeMove(move, row);
    else if (event.key === ' ') props.onSelect?.(row);
    else if (event.key.length === 1) goTo(typeAhead(rows, cursor, typing(typed, event)) ?? cursor);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={label}
      aria-activedescendant={cursor < 0 ? undefined : `${id}-${cursor}`}
      tabIndex={0}
      className={classNames('tree', props.className)}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" className="tree__space" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(item => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the tree itself takes the keys
            <div
              key={row.rowKey}
              role="treeitem"
              tabIndex={-1}
              id={`${id}-${item.index}`}
              aria-level={row.level}
              aria-expanded={row.expanded}
              aria-selected={row.rowKey === selectedKey}
              aria-posinset={row.posInSet}
              aria-setsize={row.setSize}
              className={classNames('tree__row', item.index === cursor && 'tree__row--cursor')}
              style={{ transform: `translateY(${item.start}px)`, height: rowHeight }}
              // The focus stays with the tree.
              onMouseDown={event => {
                event.preventDefault();
                scroller.current?.focus({ preventScroll: true });
              }}
              onClick={() => goTo(item.index)}
              onDoubleClick={() => activate(row, props)}
              onContextMenu={event => {
                goTo(item.index);
                props.onContextMenu?.(row, event);
              }}
            >
              <Indent row={row} onToggle={() => props.onToggle(row)} />
              {renderRow(row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function activate<T>(row: TreeRow<T>, props: TreeViewProps<T>): void {
  if (props.onActivate !== undefined) props.onActivate(row);
  else if (row.expanded !== undefined) props.onToggle(row);
}

function typing(
  typed: { current: { text: string; at: number } },
  event: { readonly key: string; readonly timeStamp: number },
): string {
  const goesOn = event.timeStamp - typed.current.at < typingPauseMs;
  typed.current = { text: (goesOn ? typed.current.text : '') + event.key, at: event.timeStamp };
  return typed.current.text;
}

function Indent<T>({ row, onToggle }: { row: TreeRow<T>; onToggle: () => void }) {
  return (
    <span className="tree__indent" style={{ width: `${row.level * 1.1538}rem` }} aria-hidden="true">
      {row.expanded !== undefined && (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- for the pointer only; the tree has Left and Right
        <span
          className="tree__chevron"
          data-expanded={row.expanded}
          onClick={event => {
            event.stopPropagation();
            onToggle();
          }}
        >
          <ChevronRight />
        </span>
      )}
    </span>
  );
}
