import type { FileHandle } from 'node:fs/promises';
import { readFile } from 'node:fs/promises';
import { readFully } from './read-fully.ts';
import { decodeRecord, isRecord, recordEnd, recordSize, recordStep } from './line-record.ts';
import type { LineSpan } from './line-span.ts';
import { blockLines, StepCounts } from './step-counts.ts';

/** What is selected of a log: `from` counts in the selection, which is the whole log or one step of it. */
export interface Selection {
  readonly step: number | undefined;
  readonly from: number;
  readonly count: number;
}

/** The files that an index is read from. */
export interface IndexSource {
  readonly index: FileHandle;
  readonly text: FileHandle;
  readonly stepsFile: string;
}

/** Reads the records of a log while it may still grow. A torn or damaged tail ends the log before it. */
export class LogIndex {
  readonly #source: IndexSource;
  readonly #counts = new StepCounts();
  #stepIds: string[] = [];
  #lines = 0;
  #end = 0;
  #refreshed: Promise<void> = Promise.resolve();

  constructor(source: IndexSource) {
    this.#source = source;
  }

  /** Lines that can be read, as of the last `refresh`. */
  get lines(): number {
    return this.#lines;
  }

  /** Bytes of text that those lines take. */
  get end(): number {
    return this.#end;
  }

  stepId(step: number): string {
    return this.#stepIds[step] ?? '';
  }

  /** The number of a step; undefined where it has said nothing. */
  stepNumber(stepId: string): number | undefined {
    const step = this.#stepIds.indexOf(stepId);
    return step === -1 ? undefined : step;
  }

  /** Lines of one step. */
  linesOf(step: number): number {
    return this.#counts.total(step);
  }

  /** Takes in what was appended until now. */
  async refresh(): Promise<void> {
    const turn = this.#refreshed.then(() => this.#readNew());
    // One after another, as each goes on where the last one ended; each caller hears of its own failure.
    this.#refreshed = turn.catch(() => undefined);
    await turn;
  }

  /** The lines of a selection. Reads one block of records after another until it has `count`. */
  async select({ step, from, count }: Selection): Promise<LineSpan[]> {
    const place = step === undefined ? { line: from, skip: 0 } : this.#counts.find(step, from);
    let { line, skip } = place;
    const spans: LineSpan[] = [];
    while (spans.length < count && line < this.#lines) {
      const next = Math.min(line - (line % blockLines) + blockLines, this.#lines);
      const wanted = step === undefined ? Math.min(next, line + count - spans.length) : next;
      if (step === undefined || this.#counts.inBlockOf(line, step) > 0) {
        const found = (await this.spans(line, wanted)).filter(
          span => step === undefined || span.step === step,
        );
        spans.push(...found.slice(skip, skip + count - spans.length));
        skip = 0;
      }
      line = next;
    }
    return spans;
  }

  /** The lines from `from` to before `to`, at most a block. */
  async spans(from: number, to: number): Promise<LineSpan[]> {
    const first = Math.max(0, from - 1);
    const records = await readFully(
      this.#source.index,
      first * recordSize,
      (to - first) * recordSize,
    );
    let start = from === 0 ? 0 : recordEnd(records, 0);
    const spans: LineSpan[] = [];
    for (let line = from; line < to; line += 1) {
      const record = decodeRecord(records, (line - first) * recordSize);
      spans.push({ ...record, line, start });
      start = record.end;
    }
    return spans;
  }

  async #readNew(): Promise<void> {
    const records = Math.floor((await this.#source.index.stat()).size / recordSize);
    // After the index: text is written before its records, so this covers every whole record.
    const textSize = (await this.#source.text.stat()).size;
    this.#stepIds = await readSteps(this.#source.stepsFile, this.#stepIds);
    while (this.#lines < records) {
      const to = Math.min(this.#lines - (this.#lines % blockLines) + blockLines, records);
      const taken = await this.#takeBlock(to, textSize);
      if (taken < to) return;
    }
  }

  /** Takes in records up to before `to`, in one block, while they are sound. Returns where it stopped. */
  async #takeBlock(to: number, textSize: number): Promise<number> {
    const from = this.#lines;
    const buffer = await readFully(this.#source.index, from * recordSize, (to - from) * recordSize);
    for (let offset = 0; offset + recordSize <= buffer.byteLength; offset += recordSize) {
      const step = recordStep(buffer, offset);
      const sound = isRecord(buffer, offset, this.#end) && recordEnd(buffer, offset) <= textSize;
      if (!sound || step >= this.#stepIds.length) break;
      this.#counts.add(this.#lines, step);
      this.#end = recordEnd(buffer, offset);
      this.#lines += 1;
    }
    return this.#lines;
  }
}

/** The step ids, only read again where there may be new ones. A torn last line is not one yet. */
async function readSteps(file: string, known: readonly string[]): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  return lines.length === known.length ? [...known] : lines.map(line => String(JSON.parse(line)));
}
