import type { FileHandle } from 'node:fs/promises';
import type { LogMatches } from '../../../../shared/ipc/build-views.ts';
import { spansTogether, type LineSpan } from './line-span.ts';
import type { LogIndex } from './log-index.ts';
import { readFully } from './read-fully.ts';
import { blockLines } from './step-counts.ts';

/** A region up to this many bytes is searched in memory at once; a longer line in windows of this size. */
const windowSize = 4 * 1024 * 1024;

/** What is searched: a substring, from line `fromLine` of the whole log on, in all of it or in one step. */
export interface LogQuery {
  readonly text: string;
  readonly matchCase: boolean;
  readonly stepId?: string;
  readonly fromLine: number;
  /** Most line numbers to return. */
  readonly limit: number;
}

/** Lines that contain the text, in order. Reads the file block by block; `signal` ends it with its reason. */
export async function searchLog(
  text: FileHandle,
  index: LogIndex,
  query: LogQuery,
  signal?: AbortSignal,
): Promise<LogMatches> {
  const step = query.stepId === undefined ? undefined : index.stepNumber(query.stepId);
  if (query.stepId !== undefined && step === undefined) return { lines: [] };
  const contains = containsText(query);
  const lines: number[] = [];
  let from = query.fromLine;
  while (from < index.lines) {
    const to = Math.min(from - (from % blockLines) + blockLines, index.lines);
    for await (const span of matchesOf({ text, contains }, await index.spans(from, to), signal)) {
      if (step !== undefined && span.step !== step) continue;
      if (lines.length === query.limit) return { lines, nextLine: span.line };
      lines.push(span.line);
    }
    from = to;
  }
  return { lines };
}

interface Needle {
  readonly text: FileHandle;
  readonly contains: Contains;
}

/** Tells whether bytes contain the text; `overlap` is how many of them a match can take. */
interface Contains {
  (bytes: Buffer): boolean;
  readonly overlap: number;
}

function containsText({ text, matchCase }: LogQuery): Contains {
  const wanted = Buffer.from(text);
  // Another case of a character can take more bytes than the one that was asked for.
  const overlap = wanted.byteLength * 3;
  if (matchCase) return Object.assign((bytes: Buffer) => bytes.includes(wanted), { overlap });
  const lower = text.toLowerCase();
  return Object.assign((bytes: Buffer) => bytes.toString('utf8').toLowerCase().includes(lower), {
    overlap,
  });
}

async function* matchesOf(
  { text, contains }: Needle,
  spans: readonly LineSpan[],
  signal: AbortSignal | undefined,
): AsyncGenerator<LineSpan> {
  for (let next = 0; next < spans.length;) {
    signal?.throwIfAborted();
    const group = spansTogether(spans, next, windowSize);
    next += group.length;
    const [first] = group;
    const last = group.at(-1);
    if (first === undefined || last === undefined) return;
    if (last.end - first.start > windowSize) {
      if (await longLineMatches({ text, contains }, first, signal)) yield first;
      continue;
    }
    const bytes = await readFully(text, first.start, last.end - first.start);
    if (!contains(bytes)) continue;
    const inLine = (span: LineSpan): boolean =>
      contains(bytes.subarray(span.start - first.start, span.end - 1 - first.start));
    yield* group.filter(inLine);
  }
}

async function longLineMatches(
  { text, contains }: Needle,
  span: LineSpan,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const end = span.end - 1;
  for (let start = span.start; start < end; start += windowSize) {
    signal?.throwIfAborted();
    const length = Math.min(windowSize + contains.overlap, end - start);
    if (contains(await readFully(text, start, length))) return true;
  }
  return false;
}
