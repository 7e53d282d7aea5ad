/**
 * Where a list is scrolled to, told by the row at the top and not by pixels: a browser cannot scroll
 * as far as the rows of a large log reach (33,554,428 device pixels in Chromium), and heights of
 * wrapped rows are only known once they are drawn.
 */
export type Anchor =
  | {
      readonly kind: 'top';
      readonly row: number;
      /** How much of the row is above the edge, in px. */ readonly offset: number;
    }
  /** The last row ends at the lower edge, also when rows are added. */
  | { readonly kind: 'end' };

export interface Extent {
  readonly count: number;
  /** Of a row that does not wrap, in px; wrapped rows are at least as high. */
  readonly rowHeight: number;
  /** Of the part in view, in px. */
  readonly viewHeight: number;
}

/** In px; half of what Chromium can lay out at 200 %. */
const mostHeight = 8_000_000;

/** Height (px) of what the browser scrolls. */
export function scrollHeight({ count, rowHeight }: Extent): number {
  return Math.min(count * rowHeight, mostHeight);
}

/** How far the browser can scroll, and how far the rows reach behind the first view, in px. */
function ranges(extent: Extent) {
  const scrolled = Math.max(0, scrollHeight(extent) - extent.viewHeight);
  const rows = Math.max(0, extent.count * extent.rowHeight - extent.viewHeight);
  return { scrolled, rows };
}

/** The anchor that a position (px) of the scrollbar means. */
export function anchorAt(scrollTop: number, extent: Extent): Anchor {
  const { scrolled, rows } = ranges(extent);
  if (scrollTop >= scrolled - 1) return { kind: 'end' };
  const pixels = Math.max(0, scrollTop) * (rows / scrolled);
  const row = Math.floor(pixels / extent.rowHeight);
  return { kind: 'top', row, offset: pixels - row * extent.rowHeight };
}

/** The position (px) of the scrollbar for an anchor. */
export function scrollTopOf(anchor: Anchor, extent: Extent): number {
  const { scrolled, rows } = ranges(extent);
  if (anchor.kind === 'end' || rows === 0) return scrolled;
  // A wrapped row is higher than a row of the scrollbar; within it the scrollbar does not go on to the next.
  const pixels = anchor.row * extent.rowHeight + Math.min(anchor.offset, extent.rowHeight);
  return Math.min(scrolled, pixels * (scrolled / rows));
}

/** Moves by `pixels` over rows of the heights that `heightOf` knows. Does not go behind the last row. */
export function moved(
  anchor: { readonly row: number; readonly offset: number },
  pixels: number,
  count: number,
  heightOf: (row: number) => number,
): Anchor {
  let { row } = anchor;
  let offset = anchor.offset + pixels;
  while (offset < 0 && row > 0) {
    row -= 1;
    offset += heightOf(row);
  }
  while (row < count - 1 && offset >= heightOf(row)) {
    offset -= heightOf(row);
    row += 1;
  }
  return { kind: 'top', row, offset: Math.max(0, offset) };
}

/** The anchor that shows `row` a third down the view. */
export function anchorFor(row: number, extent: Extent): Anchor {
  const above = Math.floor(extent.viewHeight / extent.rowHeight / 3);
  const last = Math.max(0, Math.ceil(extent.count - extent.viewHeight / extent.rowHeight));
  const top = Math.max(0, row - above);
  return top >= last ? { kind: 'end' } : { kind: 'top', row: top, offset: 0 };
}

/** The first row of the rows to draw. */
export function firstDrawn(anchor: Anchor, extent: Extent): number {
  const rowsInView = Math.ceil(extent.viewHeight / extent.rowHeight) + 1;
  return anchor.kind === 'end' ? Math.max(0, extent.count - rowsInView) : anchor.row;
}
