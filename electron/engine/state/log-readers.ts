import { openLog, type LogReader } from './log/log-reader.ts';

/** Gives out readers of logs and keeps the last few open: scrolling asks for page after page. */
export interface LogReaders {
  /** Runs `work` with a reader of the log in `logDir`. Throws AppError `file-system`. */
  use<T>(logDir: string, work: (reader: LogReader) => Promise<T>): Promise<T>;
  /** Closes the reader of that log once nobody uses it: Windows deletes no open file. */
  release(logDir: string): Promise<void>;
  close(): Promise<void>;
}

const mostOpen = 8;

/** Readers that opened together count as one; the least recently used are closed when there are too many. */
export function createLogReaders(): LogReaders {
  const open = new Map<string, SharedReader>();

  async function release(logDir: string): Promise<void> {
    const shared = open.get(logDir);
    open.delete(logDir);
    await shared?.close();
  }

  async function makeRoom(): Promise<void> {
    const oldest = open.keys().next().value;
    if (open.size > mostOpen && oldest !== undefined) await release(oldest);
  }

  return {
    async use(logDir, work) {
      const shared = open.get(logDir) ?? new SharedReader(logDir);
      open.delete(logDir);
      open.set(logDir, shared);
      try {
        return await shared.use(work);
      } catch (error) {
        if (open.get(logDir) === shared && !(await shared.isOpen())) open.delete(logDir);
        throw error;
      } finally {
        await makeRoom();
      }
    },
    release,
    async close() {
      await Promise.all([...open.keys()].map(release));
    },
  };
}

/** One open reader; closing waits for those who use it. */
class SharedReader {
  readonly #reader: Promise<LogReader>;
  readonly #users = new Set<Promise<unknown>>();

  constructor(logDir: string) {
    this.#reader = openLog(logDir);
  }

  async use<T>(work: (reader: LogReader) => Promise<T>): Promise<T> {
    const running = this.#reader.then(work);
    this.#users.add(running);
    try {
      return await running;
    } finally {
      this.#users.delete(running);
    }
  }

  async isOpen(): Promise<boolean> {
    return await this.#reader.then(
      () => true,
      () => false,
    );
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#users);
    if (await this.isOpen()) await (await this.#reader).close();
  }
}
