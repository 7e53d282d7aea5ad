import { open, rm, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, crc32, zstdCompress, zstdDecompress } from 'node:zlib';
import { AppError } from '../../../shared/failure.ts';
import type { Bytes } from '../content/bytes.ts';
import { throwIfCancelled, unlessCancelled } from '../content/cancel.ts';
import { renameOver, withFailure } from '../content/file-system.ts';

/**
 * An uncompressed tar that can be read from any place. On disk it is zstd frames of one MiB of tar each, then their
 * lengths, then a footer: RFC 8878 lets nothing be said of the frames in front, because they are written first.
 */
export interface SeekableTar extends AsyncDisposable {
  /** Up to `length` bytes from `offset`, to the end of the frame at most; empty beyond the end. Waits while that part is not unpacked yet. */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** Bytes of tar in a frame: one is unpacked in about a millisecond. */
const frameSize = 1024 * 1024;
const magic = Buffer.from('layerwright-tar1');
const footerSize = magic.byteLength + 8;
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
// A cache is read soon and seldom: speed counts, not size.
const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 };

/** Opens a finished file; undefined if there is none, or a damaged one. Frames have checksums of their own. */
export async function openSeekableTar(path: string): Promise<SeekableTar | undefined> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return undefined;
  const ends = await readEnds(file).catch(() => undefined);
  if (ends) return tarOf(file, path, async number => frameAt(ends, number));
  await file.close();
  return undefined;
}

/** A tar that is being unpacked into a file, and can be read meanwhile. */
export interface Unpacking {
  readonly tar: SeekableTar;
  /** Settles when the file is complete and has its final name, or the source has failed; then no part of it is left. */
  readonly done: Promise<void>;
}

/** Starts to unpack `tar` into `aside`, which becomes `path` when it is complete. */
export async function unpackTar(
  tar: Bytes,
  { aside, path }: { readonly aside: string; readonly path: string },
  signal?: AbortSignal,
): Promise<Unpacking> {
  const file = await withFailure('write', aside, () => open(aside, 'wx+'));
  const frames = createGrowingFrames();
  const write = async (): Promise<void> => {
    try {
      await writeFrames(file, tar, frames, signal);
      await withFailure('write', aside, () => renameOver(aside, path));
      frames.end();
    } catch (error) {
      frames.fail(error);
      await file.close();
      await rm(aside, { force: true });
      throw error;
    }
  };
  const done = withFailure('write', aside, write);
  done.catch(() => undefined);
  return { tar: tarOf(file, path, number => frames.get(number)), done };
}

interface Frame {
  readonly start: number;
  readonly end: number;
}

function tarOf(
  file: FileHandle,
  path: string,
  frameOf: (number: number) => Promise<Frame | undefined>,
): SeekableTar {
  // The disk has changed what was written. Without the file the layer is unpacked anew when it is opened next.
  const onDamage = async (cause: unknown): Promise<never> => {
    await rm(path, { force: true });
    const failure = { code: 'file-system', path, operation: 'read', errno: 'EIO' } as const;
    throw new AppError(failure, { cause });
  };
  return {
    async read(offset, length, signal) {
      const found = await unlessCancelled(frameOf(Math.floor(offset / frameSize)), signal);
      if (!found) return new Uint8Array();
      const packed = Buffer.allocUnsafe(found.end - found.start);
      await file.read(packed, 0, packed.byteLength, found.start);
      const frame = await decompress(packed, { maxOutputLength: frameSize }).catch(onDamage);
      const start = offset % frameSize;
      return frame.subarray(start, start + length);
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}

async function writeFrames(
  file: FileHandle,
  tar: Bytes,
  frames: GrowingFrames,
  signal: AbortSignal | undefined,
): Promise<void> {
  const lengths: number[] = [];
  const write = async (frame: Buffer) => {
    const packed = await compress(frame, { params });
    await file.write(packed, 0, packed.byteLength, frames.size);
    lengths.push(packed.byteLength);
    frames.add(packed.byteLength);
  };
  // While one frame is compressed and written, the next one is filled.
  let writing = Promise.resolve();
  for await (const frame of framesOf(tar)) {
    await writing;
    throwIfCancelled(signal);
    writing = write(frame);
    writing.catch(() => undefined);
  }
  await writing;
  const tail = tailOf(lengths);
  await file.write(tail, 0, tail.byteLength, frames.size);
}

async function* framesOf(tar: Bytes): AsyncGenerator<Buffer> {
  let frame = Buffer.allocUnsafeSlow(frameSize);
  let used = 0;
  for await (const chunk of tar) {
    for (let at = 0; at < chunk.byteLength;) {
      const part = chunk.subarray(at, at + frameSize - used);
      frame.set(part, used);
      used += part.byteLength;
      at += part.byteLength;
      if (used < frameSize) continue;
      yield frame;
      frame = Buffer.allocUnsafeSlow(frameSize);
      used = 0;
    }
  }
  if (used > 0) yield frame.subarray(0, used);
}

function tailOf(lengths: readonly number[]): Buffer {
  const tail = Buffer.alloc(lengths.length * 4 + footerSize);
  lengths.forEach((length, number) => tail.writeUInt32LE(length, number * 4));
  const table = tail.subarray(0, lengths.length * 4);
  magic.copy(tail, table.byteLength);
  tail.writeUInt32LE(lengths.length, tail.byteLength - 8);
  tail.writeUInt32LE(crc32(table), tail.byteLength - 4);
  return tail;
}

/** Undefined for a file that is not whole. */
async function readEnds(file: FileHandle): Promise<Float64Array | undefined> {
  const { size } = await file.stat();
  if (size < footerSize) return undefined;
  const footer = Buffer.alloc(footerSize);
  await file.read(footer, 0, footerSize, size - footerSize);
  const count = footer.readUInt32LE(footerSize - 8);
  const tableStart = size - footerSize - count * 4;
  if (!footer.subarray(0, magic.byteLength).equals(magic) || tableStart < 0) return undefined;
  const table = Buffer.alloc(count * 4);
  await file.read(table, 0, table.byteLength, tableStart);
  if (crc32(table) !== footer.readUInt32LE(footerSize - 4)) return undefined;
  const ends = new Float64Array(count);
  let end = 0;
  for (let number = 0; number < count; number++) {
    end += table.readUInt32LE(number * 4);
    ends[number] = end;
  }
  return end === tableStart ? ends : undefined;
}

function frameAt(ends: Float64Array, number: number): Frame | undefined {
  const end = ends[number];
  return end === undefined ? undefined : { start: ends[number - 1] ?? 0, end };
}

type GrowingFrames = ReturnType<typeof createGrowingFrames>;

/** Where the frames are that have been written so far; whoever asks for a later one waits. */
function createGrowingFrames() {
  const ends: number[] = [];
  let state: 'growing' | 'ended' | { readonly error: unknown } = 'growing';
  let grown = Promise.withResolvers<void>();
  const tell = () => {
    const told = grown;
    grown = Promise.withResolvers<void>();
    told.resolve();
  };
  return {
    /** Bytes of all frames. */
    get size() {
      return ends.at(-1) ?? 0;
    },
    add(length: number): void {
      ends.push((ends.at(-1) ?? 0) + length);
      tell();
    },
    end(): void {
      state = 'ended';
      tell();
    },
    fail(error: unknown): void {
      state = { error };
      tell();
    },
    async get(number: number): Promise<Frame | undefined> {
      for (;;) {
        const end = ends[number];
        if (end !== undefined) return { start: ends[number - 1] ?? 0, end };
        if (state === 'ended') return undefined;
        if (state !== 'growing') throw state.error;
        await grown.promise;
      }
    },
  };
}
