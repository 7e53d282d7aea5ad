/** How many rows there are, and how many of them are a page. */
export interface CursorRows {
  readonly count: number;
  readonly page: number;
}

/** Where a key moves the cursor; undefined where the key moves nothing. Without a cursor, arrows begin at the near end. */
export function cursorTarget(
  key: string,
  from: number | undefined,
  { count, page }: CursorRows,
): number | undefined {
  const at = from ?? (key === 'ArrowUp' || key === 'PageUp' ? count : -1);
  const targets: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + page,
    PageUp: at - page,
    Home: 0,
    End: count - 1,
  };
  const target = targets[key];
  return target === undefined ? undefined : Math.max(0, Math.min(target, count - 1));
}
