import { createHash, randomUUID } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { Bytes } from '../../content/bytes.ts';
import { throwIfCancelled } from '../../content/cancel.ts';

/** A stretch of a spool file, and the sha256 of it in hex. */
export interface SpooledContent {
  readonly size: number;
  readonly sha256: string;
  readonly read: (signal?: AbortSignal) => Bytes;
}

/** Few files that take the contents of many: nothing of a hostile archive becomes a path on this machine. */
export interface Spool {
  append(content: Bytes, signal?: AbortSignal): Promise<SpooledContent>;
  close(): Promise<void>;
}

const chunkSize = 256 * 1024;

/** A file of the spool. One content is written to it at a time, so that each lies in one piece. */
interface Lane {
  readonly handle: FileHandle;
  end: number;
  isBusy: boolean;
}

/**
 * Makes a spool in `file`, which must not exist; what is appended at the same time goes to files beside it. The caller
 * removes them.
 */
export async function createSpool(file: string): Promise<Spool> {
  const lanes: Lane[] = [await openLane(file)];
  async function freeLane(): Promise<Lane> {
    const free = lanes.find(({ isBusy }) => !isBusy);
    if (free) return Object.assign(free, { isBusy: true });
    const opened = Object.assign(await openLane(`${file}.${randomUUID()}`), { isBusy: true });
    lanes.push(opened);
    return opened;
  }
  return {
    async append(content, signal) {
      const lane = await freeLane();
      try {
        return await appendTo(lane, content, signal);
      } finally {
        lane.isBusy = false;
      }
    },
    async close() {
      for (const { handle } of lanes) await handle.close();
    },
  };
}

async function openLane(file: string): Promise<Lane> {
  return { handle: await open(file, 'wx+'), end: 0, isBusy: false };
}

async function appendTo(lane: Lane, content: Bytes, signal?: AbortSignal): Promise<SpooledContent> {
  const { handle, end: start } = lane;
  const hash = createHash('sha256');
  for await (const chunk of content) {
    throwIfCancelled(signal);
    hash.update(chunk);
    await handle.write(chunk, 0, chunk.byteLength, lane.end);
    lane.end += chunk.byteLength;
  }
  const size = lane.end - start;
  return {
    size,
    sha256: hash.digest('hex'),
    read: signal => slice(handle, { start, size }, signal),
  };
}

async function* slice(
  handle: FileHandle,
  { start, size }: { start: number; size: number },
  signal?: AbortSignal,
): Bytes {
  const buffer = Buffer.allocUnsafe(Math.min(Math.max(size, 1), chunkSize));
  let done = 0;
  while (done < size) {
    throwIfCancelled(signal);
    const { bytesRead } = await handle.read(
      buffer,
      0,
      Math.min(buffer.length, size - done),
      start + done,
    );
    if (bytesRead === 0) throw new Error('a spool file of this build was cut');
    done += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
