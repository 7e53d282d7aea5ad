const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Characters that take two columns: East Asian wide and full-width ones (UAX #11) and emoji. */
const wide =
  /^(?:\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])/u;
/** Characters that take none of their own. */
const invisible = /^[\p{Mn}\p{Me}\u200b-\u200d]/u;

/** Columns that a text takes in a terminal. */
export function displayWidth(text: string): number {
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) columns += widthOf(segment);
  return columns;
}

/** Shortens a text to at most `columns`, with an ellipsis where something was cut off. */
export function fit(text: string, columns: number): string {
  if (text.length * 2 <= columns) return text;
  // A line of output can be huge; no terminal shows more than a character per column, save for marks.
  const head = text.slice(0, columns * 8);
  if (head.length === text.length && displayWidth(text) <= columns) return text;
  let shown = '';
  let width = 0;
  for (const { segment } of segmenter.segment(head)) {
    width += widthOf(segment);
    if (width > columns - 1) break;
    shown += segment;
  }
  return columns > 0 ? `${shown}…` : '';
}

/** Shortens a text to at most `columns` as `fit` does, but keeps its end. */
export function fitEnd(text: string, columns: number): string {
  if (text.length <= columns && displayWidth(text) <= columns) return text;
  const segments = Array.from(
    segmenter.segment(text.slice(-columns * 8)),
    ({ segment }) => segment,
  );
  let shown = '';
  let width = 0;
  for (const segment of segments.reverse()) {
    width += widthOf(segment);
    if (width > columns - 1) return `…${shown}`;
    shown = segment + shown;
  }
  return shown;
}

/** Fills a text with spaces up to `columns`; a longer one stays as it is. */
export function padded(text: string, columns: number, side: 'left' | 'right' = 'right'): string {
  const space = ' '.repeat(Math.max(0, columns - displayWidth(text)));
  return side === 'right' ? text + space : space + text;
}

function widthOf(segment: string): number {
  if (invisible.test(segment)) return 0;
  return wide.test(segment) ? 2 : 1;
}
