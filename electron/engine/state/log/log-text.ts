import type { FileHandle } from 'node:fs/promises';
import { spansTogether, type LineSpan } from './line-span.ts';
import { readFully } from './read-fully.ts';

/** A longer line is shown up to here, in UTF-16 units. The file always has all of it. */
export const shownLength = 8192;
/** Neighbouring lines are read together up to this many bytes. */
const windowSize = 1024 * 1024;
/** Enough bytes for `shownLength` units (at most 3 each) and a cut character behind them. */
const shownBytes = shownLength * 3 + 4;

/** The text of each span, shortened to `shownLength`. Spans are in file order. */
export async function readTexts(file: FileHandle, spans: readonly LineSpan[]): Promise<string[]> {
  const texts: string[] = [];
  while (texts.length < spans.length) {
    const group = spansTogether(spans, texts.length, windowSize);
    const start = group[0]?.start ?? 0;
    const end = Math.max(...group.map(lastNeeded));
    const bytes = await readFully(file, start, end - start);
    for (const span of group) {
      texts.push(shown(bytes.subarray(span.start - start, lastNeeded(span) - start), span));
    }
  }
  return texts;
}

/** Where the bytes end that are needed to show the line; never its line feed. */
function lastNeeded(span: LineSpan): number {
  return Math.min(span.end - 1, span.start + shownBytes);
}

function shown(bytes: Buffer, span: LineSpan): string {
  const text = bytes.toString('utf8');
  return span.length <= shownLength ? text : withoutHalfPair(text.slice(0, shownLength));
}

/** A cut must not part the two halves of a surrogate pair. */
function withoutHalfPair(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
