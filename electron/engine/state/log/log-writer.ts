import { mkdirSync } from 'node:fs';
import { createAppendFile, type AppendFile } from './append-file.ts';
import { logFiles } from './log-files.ts';
import { encodeRecord, recordSize, streams, type StreamName } from './line-record.ts';

const textCapacity = 256 * 1024;
const recordCapacity = 4096;
/** A line is with the system after at most this long, in ms. */
const flushDelay = 100;

/** What a step said at one moment. `time` is in ms since 1970. */
export interface LogChunk {
  readonly stepId: string;
  readonly stream: StreamName;
  readonly time: number;
  readonly lines: readonly string[];
}

/**
 * Writes the log of one build. Lines are gathered for at most 100 ms; a crash loses no more. Text is
 * written before the records that point into it, so that a record never points at nothing.
 */
export interface LogWriter {
  /** Throws AppError `disk-full` or `file-system` where gathered lines cannot be written. */
  append(chunk: LogChunk): void;
  flush(): void;
  /** Flushes, and closes the files also where that fails. */
  close(): void;
}

/** Starts the log in `logDir`, which must not have one yet. */
export function createLogWriter(logDir: string): LogWriter {
  mkdirSync(logDir, { recursive: true });
  const files = logFiles(logDir);
  return new Writer({
    text: createAppendFile(files.text),
    index: createAppendFile(files.index),
    steps: createAppendFile(files.steps),
  });
}

interface Files {
  readonly text: AppendFile;
  readonly index: AppendFile;
  readonly steps: AppendFile;
}

class Writer implements LogWriter {
  readonly #files: Files;
  readonly #text = Buffer.allocUnsafe(textCapacity);
  readonly #records = Buffer.allocUnsafe(recordCapacity * recordSize);
  readonly #stepNumbers = new Map<string, number>();
  #textLength = 0;
  #recordsLength = 0;
  #end = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(files: Files) {
    this.#files = files;
  }

  append({ stepId, stream, time, lines }: LogChunk): void {
    const step = this.#stepNumber(stepId);
    const streamNumber = streams.indexOf(stream);
    for (const line of lines) {
      this.#end += this.#appendText(line);
      if (this.#recordsLength === this.#records.byteLength) this.flush();
      const record = { end: this.#end, time, step, stream: streamNumber, length: line.length };
      encodeRecord(record, this.#records, this.#recordsLength);
      this.#recordsLength += recordSize;
    }
    this.#timer ??= setTimeout(() => this.#flushLate(), flushDelay).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushText();
    if (this.#recordsLength === 0) return;
    this.#files.index.append(this.#records.subarray(0, this.#recordsLength));
    this.#recordsLength = 0;
  }

  close(): void {
    try {
      this.flush();
    } finally {
      for (const file of Object.values(this.#files)) file.close();
    }
  }

  #stepNumber(stepId: string): number {
    const known = this.#stepNumbers.get(stepId);
    if (known !== undefined) return known;
    const number = this.#stepNumbers.size;
    this.#files.steps.append(Buffer.from(`${JSON.stringify(stepId)}\n`));
    this.#stepNumbers.set(stepId, number);
    return number;
  }

  /** Gathers the line and its line feed; returns their length in bytes. */
  #appendText(line: string): number {
    // A UTF-16 unit takes at most 3 bytes in UTF-8.
    const most = line.length * 3 + 1;
    if (most > textCapacity - this.#textLength) this.#flushText();
    if (most > textCapacity) return this.#appendLongText(line);
    const start = this.#textLength;
    const lineFeedAt = start + this.#text.write(line, start);
    this.#text[lineFeedAt] = 0x0a;
    this.#textLength = lineFeedAt + 1;
    return this.#textLength - start;
  }

  #appendLongText(line: string): number {
    const bytes = Buffer.from(`${line}\n`);
    this.#files.text.append(bytes);
    return bytes.byteLength;
  }

  #flushText(): void {
    if (this.#textLength === 0) return;
    this.#files.text.append(this.#text.subarray(0, this.#textLength));
    this.#textLength = 0;
  }

  /** The timer has nobody to tell of a full disk; the lines stay gathered and the next append tells. */
  #flushLate(): void {
    try {
      this.flush();
    } catch {
      this.#timer = undefined;
    }
  }
}
