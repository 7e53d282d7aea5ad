import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { Bytes } from '../../content/bytes.ts';
import { throwIfCancelled } from '../../content/cancel.ts';

/** A stretch of a spool file, and the sha256 of it in hex. */
export interface SpooledContent {
  readonly size: number;
  readonly sha256: string;
  readonly read: (signal?: AbortSignal) => Bytes;
}

/** One file that takes the contents of many: nothing of a hostile archive becomes a path on this machine. */
export interface Spool {
  append(content: Bytes, signal?: AbortSignal): Promise<SpooledContent>;
  close(): Promise<void>;
}

const chunkSize = 256 * 1024;

/** Makes a spool in `file`, which must not exist. The caller removes the file. */
export async function createSpool(file: string): Promise<Spool> {
  const handle = await open(file, 'wx+');
  let end = 0;
  return {
    async append(content, signal) {
      const start = end;
      const hash = createHash('sha256');
      for await (const chunk of content) {
        throwIfCancelled(signal);
        hash.update(chunk);
        await handle.write(chunk, 0, chunk.byteLength, end);
        end += chunk.byteLength;
      }
      const size = end - start;
      return {
        size,
        sha256: hash.digest('hex'),
        read: signal => slice(handle, { start, size }, signal),
      };
    },
    close: () => handle.close(),
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
