import type { LineRecord } from './line-record.ts';

/** Where a line stands in the text file: `start` to `end`, its line feed included. */
export interface LineSpan extends LineRecord {
  readonly line: number;
  readonly start: number;
}

/** The spans from position `from` on that fit into `most` bytes of the file together; at least one. */
export function spansTogether(
  spans: readonly LineSpan[],
  from: number,
  most: number,
): readonly LineSpan[] {
  const start = spans[from]?.start ?? 0;
  let to = from + 1;
  while (to < spans.length && (spans[to]?.end ?? 0) - start <= most) to += 1;
  return spans.slice(from, to);
}
