import type { LogLine, LogPage } from '../../../shared/ipc/build-views.ts';

/** Reads lines of a log: of the whole build, or of one step, where `fromLine` then counts. */
export type ReadLog = (
  query: { readonly stepId?: string; readonly fromLine: number; readonly count: number },
  signal: AbortSignal,
) => Promise<LogPage>;

export const pageLines = 256;
const mostPages = 96;
/** More would only be waited for while the person has scrolled on. */
const mostReading = 4;
/** What could not be read is tried again after this long. */
const retryMs = 2000;

/** The pages of one log that are at hand; the least recently shown ones are let go. */
export class LogPages {
  readonly #read: ReadLog;
  readonly #onLoaded: () => void;
  readonly #pages = new Map<string, readonly LogLine[]>();
  readonly #reading = new Map<string, Promise<number>>();
  readonly #stop = new AbortController();
  #retry: ReturnType<typeof setTimeout> | undefined;

  /** `onLoaded` is told of lines that are new here, and of those that could not be read. */
  constructor(read: ReadLog, onLoaded: () => void) {
    this.#read = read;
    this.#onLoaded = onLoaded;
  }

  /** How many pages are held. */
  get size(): number {
    return this.#pages.size;
  }

  /** Line `index` of the build or of a step; where it is not at hand it is read, and `onLoaded` told. */
  line(stepId: string | undefined, index: number): LogLine | undefined {
    const page = Math.floor(index / pageLines);
    const key = pageKey(stepId, page);
    const lines = this.#pages.get(key);
    const line = lines?.[index % pageLines];
    if (lines !== undefined && line !== undefined) this.#keep(key, lines);
    else if (this.#reading.size < mostReading && this.#retry === undefined) {
      void this.#load(stepId, page).catch(() => undefined);
    }
    return line;
  }

  /** Line `index` if it is at hand. */
  peek(stepId: string | undefined, index: number): LogLine | undefined {
    const page = Math.floor(index / pageLines);
    return this.#pages.get(pageKey(stepId, page))?.[index % pageLines];
  }

  /** Reads the page with line `index` anew where it had not all its lines. Gives how many lines the selection has. */
  async load(stepId: string | undefined, index: number): Promise<number> {
    return await this.#load(stepId, Math.floor(index / pageLines));
  }

  /** Ends what is being read. */
  close(): void {
    clearTimeout(this.#retry);
    this.#stop.abort();
  }

  #retryLater(): void {
    if (this.#stop.signal.aborted) return;
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#onLoaded();
    }, retryMs);
  }

  #load(stepId: string | undefined, page: number): Promise<number> {
    const key = pageKey(stepId, page);
    const going = this.#reading.get(key);
    if (going !== undefined) return going;
    const reading = this.#readPage(stepId, page)
      .catch((error: unknown) => {
        this.#retryLater();
        throw error;
      })
      .finally(() => {
        this.#reading.delete(key);
        if (!this.#stop.signal.aborted) this.#onLoaded();
      });
    this.#reading.set(key, reading);
    return reading;
  }

  async #readPage(stepId: string | undefined, page: number): Promise<number> {
    const query = {
      ...(stepId === undefined ? {} : { stepId }),
      fromLine: page * pageLines,
      count: pageLines,
    };
    const { lines, total } = await this.#read(query, this.#stop.signal);
    this.#keep(pageKey(stepId, page), lines);
    return total;
  }

  #keep(key: string, lines: readonly LogLine[]): void {
    this.#pages.delete(key);
    this.#pages.set(key, lines);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > mostPages && oldest !== undefined) this.#pages.delete(oldest);
  }
}

function pageKey(stepId: string | undefined, page: number): string {
  return `${stepId ?? ''}/${page}`;
}
