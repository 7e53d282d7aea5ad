import {
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';
import { useStore, type StoreApi } from 'zustand';
import {
  anchorAt,
  anchorFor,
  firstDrawn,
  moved,
  scrollHeight,
  scrollTopOf,
  type Anchor,
  type Extent,
} from './anchor.ts';

/** Moves the view. */
export interface LogViewHandle {
  readonly showRow: (row: number) => void;
  /** Scrolls no further than needed to have the row in view. */
  readonly reveal: (row: number) => void;
  readonly showEnd: () => void;
  readonly showTop: () => void;
  /** Keeps what is at the upper edge there while rows come or go below it. */
  readonly hold: () => void;
  /** Rows that a page has. */
  readonly pageRows: () => number;
}

export interface LogViewProps {
  readonly label: string;
  readonly count: number;
  /** Height of a row that does not wrap, in px. */
  readonly rowHeight: number;
  /** Rows may get another height whenever this changes. */
  readonly layout: string;
  /** Tells that rows which are drawn may have got their content. */
  readonly changes: StoreApi<{ readonly version: number }>;
  readonly renderRow: (row: number) => ReactNode;
  readonly onAtEnd: (atEnd: boolean) => void;
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  readonly ref: React.Ref<LogViewHandle>;
}

/** Rows above the view that are drawn along, so that their heights are known before one gets there. */
const rowsAbove = 6;
const syncPauseMs = 150;
const mostHeights = 4000;

/**
 * A list of any length of which only the rows in view exist. Unlike react-virtual it keeps no entry for
 * each row, which with a million rows would take a tenth of a second whenever one is added.
 */
export function LogView(props: LogViewProps) {
  const { label, count, rowHeight, layout, renderRow, onAtEnd, onKeyDown, ref } = props;
  useStore(props.changes, ({ version }) => version);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const heights = useRowHeights(layout, rowHeight);
  const [anchor, setAnchor] = useState<Anchor>({ kind: 'end' });
  const viewHeight = useHeight(scroller);
  /** Where the scrollbar is as far as we know; an event that finds it there says nothing new. */
  const known = useRef(0);
  const extent: Extent = { count, rowHeight: heights.average, viewHeight };
  const drawn: Extent = { count, rowHeight, viewHeight };
  const go = (next: Anchor): void => {
    setAnchor(next);
    onAtEnd(next.kind === 'end');
  };
  /** The scrollbar has to follow at once: left behind, its next event would take the view back. */
  const jumped = useRef(false);
  const jump = (next: Anchor): void => {
    jumped.current = true;
    go(next);
  };
  const scrollBarTo = (top: number): void => {
    const element = scroller.current;
    if (element === null) return;
    if (Math.abs(element.scrollTop - top) >= 1) element.scrollTop = top;
    known.current = element.scrollTop;
  };

  const first = Math.max(0, firstDrawn(anchor, drawn) - (anchor.kind === 'end' ? 0 : rowsAbove));
  const last = Math.min(count, firstDrawn(anchor, drawn) + Math.ceil(viewHeight / rowHeight) + 2);

  useImperativeHandle(ref, () => ({
    showRow: row => jump(anchorFor(row, extent)),
    reveal(row) {
      if (row === count - 1) return jump({ kind: 'end' });
      const top = topOf(anchor, first);
      const below = heights.sum(top.row, row + 1) - top.offset - viewHeight;
      if (row < top.row || (row === top.row && top.offset > 0))
        jump({ kind: 'top', row, offset: 0 });
      else if (below > 0) jump(moved(top, below, count, heights.of));
    },
    showEnd: () => jump({ kind: 'end' }),
    showTop: () => jump({ kind: 'top', row: 0, offset: 0 }),
    hold: () => go({ kind: 'top', ...topOf(anchor, first) }),
    pageRows: () => Math.max(1, Math.floor(viewHeight / rowHeight) - 1),
  }));

  // Elements are used again for the rows that come into view, which is cheaper than new ones.
  const slots = Math.ceil(viewHeight / rowHeight) + rowsAbove + 2;

  useLayoutEffect(() => {
    const element = rows.current;
    if (element === null || viewHeight === 0) return;
    const total = heights.measure(element, first, count);
    const shift =
      anchor.kind === 'end'
        ? Math.min(0, viewHeight - total)
        : -heights.sum(first, anchor.row) - anchor.offset;
    element.style.transform = `translateY(${shift}px)`;
    const endsEarly = last === count && shift + total < viewHeight - 1;
    if (anchor.kind === 'top' && (anchor.row >= count || endsEarly)) go({ kind: 'end' });
    if (anchor.kind === 'end' || jumped.current) scrollBarTo(scrollTopOf(anchor, extent));
    jumped.current = false;
  });

  useLayoutEffect(() => {
    // Later, as it would break off a scroll that the browser is still animating.
    const timer = setTimeout(() => scrollBarTo(scrollTopOf(anchor, extent)), syncPauseMs);
    return () => clearTimeout(timer);
  });

  const onScroll = (): void => {
    const top = scroller.current?.scrollTop ?? 0;
    const by = top - known.current;
    known.current = top;
    if (Math.abs(by) < 1) return;
    const exact = heights.average === rowHeight && scrollHeight(extent) === count * rowHeight;
    const far = Math.abs(by) > viewHeight * 2;
    const next = anchorAt(top, extent);
    if (exact || far || next.kind === 'end') return go(next);
    go(moved(topOf(anchor, first), by, count, heights.of));
  };

  /** What is at the upper edge; at the end it is what the rows that are drawn leave of the first one. */
  function topOf(from: Anchor, firstRow: number): { row: number; offset: number } {
    if (from.kind === 'top') return from;
    const hidden = Math.max(0, heights.sum(firstRow, count) - viewHeight);
    const at = moved({ row: firstRow, offset: 0 }, hidden, count, heights.of);
    return at.kind === 'top' ? at : { row: firstRow, offset: 0 };
  }

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a log that scrolls and whose lines are selected by keys
    <div
      ref={scroller}
      role="log"
      aria-label={label}
      // What is new is told by a status line from time to time: thousands of lines cannot be read out.
      aria-live="off"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls by keys
      tabIndex={0}
      className="log-view"
      onScroll={onScroll}
      onWheel={event => {
        if (event.deltaY < 0 && anchor.kind === 'end' && scrollTopOf(anchor, extent) > 0) {
          go({ kind: 'top', ...topOf(anchor, first) });
        }
      }}
      onKeyDown={onKeyDown}
    >
      <div
        className="log-view__track"
        style={{ height: Math.max(scrollHeight(extent), viewHeight) }}
      >
        <div className="log-view__stage" style={{ height: viewHeight }}>
          <div ref={rows} className="log-view__rows">
            {Array.from({ length: Math.max(0, last - first) }, (_, index) => (
              <div key={(first + index) % slots} data-row={first + index}>
                {renderRow(first + index)}
              </div>
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

/** The height of an element's content box in px, kept up to date. */
function useHeight(element: React.RefObject<HTMLElement | null>): number {
  const [height, setHeight] = useState(0);
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) return;
    const observer = new ResizeObserver(() => {
      setHeight(target.clientHeight);
      // What is not to scroll sideways is as wide as this.
      target.style.setProperty('--log-width', `${target.clientWidth}px`);
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return height;
}

/** Remembers the heights of rows that were drawn lately. */
function useRowHeights(layout: string, rowHeight: number) {
  // oxlint-disable-next-line react/exhaustive-deps -- heights of another layout mean nothing
  const byRow = useMemo(() => new Map<number, number>(), [layout]);
  const [average, setAverage] = useState(rowHeight);
  const of = (row: number): number => byRow.get(row) ?? rowHeight;

  function sum(from: number, to: number): number {
    let pixels = 0;
    for (let row = from; row < to; row += 1) pixels += of(row);
    return pixels;
  }

  /** Takes the heights of the rows drawn from `first` on; gives their sum. */
  function measure(element: HTMLElement, first: number, count: number): number {
    if (byRow.size > mostHeights) byRow.clear();
    const drawn = [...element.children].map(child => child.getBoundingClientRect().height);
    for (const [index, height] of drawn.entries()) byRow.set(first + index, height);
    const mean = byRow.values().reduce((all, height) => all + height, 0) / Math.max(1, byRow.size);
    // Whole pixels, lest the scrollbar tremble, unless all rows are known.
    const next = Math.max(rowHeight, byRow.size >= count ? mean : Math.round(mean));
    if (Math.abs(next - average) > 0.05) setAverage(next);
    return drawn.reduce((all, height) => all + height, 0);
  }

  return { average: Math.max(average, rowHeight), of, sum, measure };
}
