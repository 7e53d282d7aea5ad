import { isUtf8 } from 'node:buffer';
import { codePageDecoder, type DecodeLine } from './code-pages.ts';

/** Makes lines of what a program writes. */
export interface LineSplitter {
  /** The lines that `chunk` ends, without their ends. A chunk may end anywhere. */
  push(chunk: Uint8Array): string[];
  /** What has no end yet, without taking it. */
  pending(): string;
  /** The rest, once nothing follows. */
  end(): string[];
}

/** A line that is longer comes out in pieces, so that memory stays flat. In bytes. */
const longestLine = 64 * 1024;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** As a little-endian unit. */
const byteOrderMark = 0xfeff;

/**
 * Splits at LF, CR LF and CR, the last because programs redraw their progress with it. A line is read as UTF-16 where it
 * looks like that (wmic, wsl, cmd /u, and all behind a byte order mark), else as UTF-8 where it is, else in `codePage`.
 */
export function createLineSplitter(codePage: number): LineSplitter {
  return new Splitter(codePageDecoder(codePage));
}

class Splitter implements LineSplitter {
  readonly #decodeOem: DecodeLine;
  #rest: Buffer = Buffer.alloc(0);
  /** A CR ended the last line: an LF right behind it belongs to that end. */
  #afterReturn = false;
  /** The last line was UTF-16. */
  #wasWide = false;
  #hasMark = false;

  constructor(decodeOem: DecodeLine) {
    this.#decodeOem = decodeOem;
  }

  push(chunk: Uint8Array): string[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const lines: string[] = [];
    for (let line = this.#next(); line !== undefined; line = this.#next()) lines.push(line);
    return lines;
  }

  pending(): string {
    return this.#decode(this.#rest, this.#width() ?? 1);
  }

  end(): string[] {
    const rest = this.pending();
    this.#rest = Buffer.alloc(0);
    return rest === '' ? [] : [rest];
  }

  #next(): string | undefined {
    this.#takeMark();
    const width = this.#width();
    if (width === undefined || this.#rest.length < width) return undefined;
    if (this.#afterReturn) {
      this.#afterReturn = false;
      if (this.#unit(0, width) === lineFeed) {
        this.#rest = this.#rest.subarray(width);
        return this.#next();
      }
    }
    for (let at = 0; at + width <= this.#rest.length; at += width) {
      const unit = this.#unit(at, width);
      if (unit === lineFeed || unit === carriageReturn) {
        this.#afterReturn = unit === carriageReturn;
        return this.#take(at, at + width, width);
      }
      if (at >= longestLine) {
        const end = width === 2 ? at : characterStart(this.#rest, at);
        return this.#take(end, end, width);
      }
    }
    return undefined;
  }

  #takeMark(): void {
    if (this.#rest.length < 2 || this.#rest.readUInt16LE(0) !== byteOrderMark) return;
    this.#hasMark = true;
    this.#rest = this.#rest.subarray(2);
  }

  /** Bytes of one unit of the line that begins; undefined where too little of it is there to tell. */
  #width(): 1 | 2 | undefined {
    if (this.#hasMark) return 2;
    const [first, second] = this.#rest;
    if (second !== undefined) return second === 0 && first !== 0 ? 2 : 1;
    const isEnd = first === lineFeed || first === carriageReturn;
    return isEnd && !this.#wasWide ? 1 : undefined;
  }

  #unit(at: number, width: 1 | 2): number {
    return width === 2 ? this.#rest.readUInt16LE(at) : (this.#rest[at] ?? 0);
  }

  #take(end: number, next: number, width: 1 | 2): string {
    const line = this.#decode(this.#rest.subarray(0, end), width);
    this.#rest = this.#rest.subarray(next);
    this.#wasWide = width === 2;
    return line;
  }

  #decode(bytes: Buffer, width: 1 | 2): string {
    if (width === 2) return bytes.toString('utf16le');
    return isUtf8(bytes) ? bytes.toString('utf8') : this.#decodeOem(bytes);
  }
}

/** The start of the UTF-8 character that the byte at `at` belongs to. */
function characterStart(bytes: Buffer, at: number): number {
  let start = at;
  while (at - start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}
