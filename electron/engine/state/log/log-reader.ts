import { createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LogLine, LogMatches, LogPage } from '../../../../shared/ipc/build-views.ts';
import { withFailure } from '../../content/file-system.ts';
import { writeAside } from '../write-aside.ts';
import { streams } from './line-record.ts';
import { logFiles } from './log-files.ts';
import type { LineSpan } from './line-span.ts';
import { LogIndex } from './log-index.ts';
import { searchLog, type LogQuery } from './log-search.ts';
import { readTexts, shownLength } from './log-text.ts';

/** `fromLine` counts in the selection: the whole log, or the lines of one step. */
export interface LogPageQuery {
  readonly stepId?: string;
  readonly fromLine: number;
  readonly count: number;
}

/** Reads a log, also while another process still writes it. */
export interface LogReader {
  page(query: LogPageQuery): Promise<LogPage>;
  search(query: LogQuery, signal?: AbortSignal): Promise<LogMatches>;
  /** Writes all lines, whole and as they were said, to `file`. Returns how many. Throws AppError `disk-full` or `file-system`. */
  copyTo(file: string, signal?: AbortSignal): Promise<number>;
  close(): Promise<void>;
}

/** Opens the log in `logDir`. Throws AppError `file-system` where it cannot be read. */
export async function openLog(logDir: string): Promise<LogReader> {
  const files = logFiles(logDir);
  const text = await withFailure('read', files.text, () => open(files.text));
  try {
    const index = await withFailure('read', files.index, () => open(files.index));
    return new Reader(text, index, files.steps);
  } catch (error) {
    await text.close();
    throw error;
  }
}

class Reader implements LogReader {
  readonly #text: FileHandle;
  readonly #indexFile: FileHandle;
  readonly #index: LogIndex;

  constructor(text: FileHandle, indexFile: FileHandle, stepsFile: string) {
    this.#text = text;
    this.#indexFile = indexFile;
    this.#index = new LogIndex({ index: indexFile, text, stepsFile });
  }

  async page({ stepId, fromLine, count }: LogPageQuery): Promise<LogPage> {
    await this.#index.refresh();
    const step = stepId === undefined ? undefined : this.#index.stepNumber(stepId);
    if (stepId !== undefined && step === undefined) return { lines: [], total: 0 };
    const total = step === undefined ? this.#index.lines : this.#index.linesOf(step);
    const spans = await this.#index.select({ step, from: fromLine, count });
    const texts = await readTexts(this.#text, spans);
    return { lines: spans.map((span, position) => this.#line(span, texts[position] ?? '')), total };
  }

  async search(query: LogQuery, signal?: AbortSignal): Promise<LogMatches> {
    await this.#index.refresh();
    return await searchLog(this.#text, this.#index, query, signal);
  }

  async copyTo(file: string, signal?: AbortSignal): Promise<number> {
    await this.#index.refresh();
    const { lines, end } = this.#index;
    await writeAside(file, async temporary => {
      const target = createWriteStream(temporary, { flags: 'wx', flush: true });
      await pipeline(this.#textTo(end), target, signal === undefined ? {} : { signal });
    });
    return lines;
  }

  async close(): Promise<void> {
    await Promise.all([this.#text.close(), this.#indexFile.close()]);
  }

  #textTo(end: number): Readable {
    if (end === 0) return Readable.from([]);
    return this.#text.createReadStream({ start: 0, end: end - 1, autoClose: false });
  }

  #line(span: LineSpan, text: string): LogLine {
    return {
      line: span.line,
      stepId: this.#index.stepId(span.step),
      stream: streams[span.stream] ?? 'note',
      time: span.time,
      text,
      ...(span.length > shownLength ? { fullLength: span.length } : {}),
    };
  }
}
