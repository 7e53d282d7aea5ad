/**
 * The index of a log: one record of fixed length for each line, so that line N is found by arithmetic.
 *   0  6  end of the line in the text file (its line feed included); it starts where the one before ends
 *   6  6  time, ms since 1970
 *  12  3  number of the step, a position in the list of steps
 *  15  1  stream, a position in `streams` plus 1: a block of zeros that a crash left behind is no record
 *  16  4  length of the line in UTF-16 units
 * All little-endian.
 */
export interface LineRecord {
  readonly end: number;
  readonly time: number;
  readonly step: number;
  readonly stream: number;
  readonly length: number;
}

export const recordSize = 20;
export const streams = ['stdout', 'stderr', 'note'] as const;
export type StreamName = (typeof streams)[number];

/** Writes a record at `offset` of `target`. */
export function encodeRecord(record: LineRecord, target: Buffer, offset: number): void {
  target.writeUIntLE(record.end, offset, 6);
  target.writeUIntLE(record.time, offset + 6, 6);
  target.writeUIntLE(record.step, offset + 12, 3);
  target.writeUInt8(record.stream + 1, offset + 15);
  target.writeUInt32LE(record.length, offset + 16);
}

export function decodeRecord(source: Buffer, offset: number): LineRecord {
  return {
    end: recordEnd(source, offset),
    time: source.readUIntLE(offset + 6, 6),
    step: recordStep(source, offset),
    stream: source.readUInt8(offset + 15) - 1,
    length: source.readUInt32LE(offset + 16),
  };
}

/** Where the line of the record at `offset` ends, without decoding the rest. */
export function recordEnd(source: Buffer, offset: number): number {
  return source.readUIntLE(offset, 6);
}

/** The step of the record at `offset`, without decoding the rest. */
export function recordStep(source: Buffer, offset: number): number {
  return source.readUIntLE(offset + 12, 3);
}

/** Tells whether the record at `offset` can follow a line that ends at `previousEnd`. */
export function isRecord(source: Buffer, offset: number, previousEnd: number): boolean {
  const stream = source.readUInt8(offset + 15) - 1;
  return stream >= 0 && stream < streams.length && recordEnd(source, offset) > previousEnd;
}
