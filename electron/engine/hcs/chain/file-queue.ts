import { pathKey } from '../../../../shared/windows/windows-path.ts';
import type { Bytes } from '../../content/bytes.ts';
import type { StreamTarget } from './entry-sink.ts';

/**
 * Files that are written one after another, and closed while the next ones are written. On Windows closing is what takes
 * longest, for then virus scanners look at what was written. What a close fails with, a later call fails with. Paths are
 * inside the layer.
 */
export interface FileQueue {
  /** Makes the file at `path`, when the one that may have been made there before is closed. */
  open(path: string, make: () => Promise<StreamTarget>): Promise<void>;
  /** Writes to the file that was opened last. */
  write(streams: Bytes): Promise<void>;
  /** Nothing more comes for that file: it is closed soon. Waits while too many are closing. */
  end(): Promise<void>;
  /** Waits until the file at `path` is closed, if it is one of these. */
  closed(path: string): Promise<void>;
  /** Ends the last file and waits until all are closed. */
  all(): Promise<void>;
}

const defaultLimit = 16;

/** Starts with no file; `limit` is how many may be closing. One call at a time. */
export function createFileQueue(limit = defaultLimit): FileQueue {
  const closing = new Map<string, Promise<void>>();
  const failures: unknown[] = [];
  let last: { readonly key: string; readonly file: StreamTarget } | undefined;
  const check = (): void => {
    if (failures.length > 0) throw failures[0];
  };
  async function close(key: string, file: StreamTarget): Promise<void> {
    try {
      await file.close();
    } catch (error) {
      failures.push(error);
    } finally {
      closing.delete(key);
    }
  }
  function endLast(): void {
    if (last) closing.set(last.key, close(last.key, last.file));
    last = undefined;
  }
  async function closed(path: string): Promise<void> {
    await closing.get(pathKey(path));
    check();
  }
  return {
    async open(path, make) {
      endLast();
      await closed(path);
      last = { key: pathKey(path), file: await make() };
    },
    async write(streams) {
      await last?.file.write(streams);
    },
    async end() {
      endLast();
      while (closing.size >= limit) await Promise.race(closing.values());
      check();
    },
    closed,
    async all() {
      endLast();
      await Promise.all(closing.values());
      check();
    },
  };
}
