import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import { delay } from './cancel.ts';

/** The locks of a store; they hold between processes, and the operating system frees those of a process that dies. */
export interface StoreLock {
  /** Keeps garbage collection out while blobs are written that no name reaches yet. Many may hold it. */
  shared(signal?: AbortSignal): Promise<Disposable>;
  /** One at a time: for changing index.json and the ingest folders. Goes together with `shared`. */
  names(signal?: AbortSignal): Promise<Disposable>;
  /** Alone: for garbage collection. Gives undefined where anybody holds any lock. */
  tryExclusive(): Disposable | undefined;
}

/**
 * Locks on an empty SQLite database: SQLite's own file locks do the work, nothing is ever written. A read transaction
 * is the shared lock, RESERVED (BEGIN IMMEDIATE) the one for names, EXCLUSIVE the one for collection
 * (sqlite.org/lockingv3.html). Never open the file by other means: POSIX drops a process's locks on any close.
 */
export function storeLock(storeDir: string): StoreLock {
  const path = join(storeDir, 'lock.sqlite');
  return {
    shared: signal => waitForLock(path, lockStatements.shared, signal),
    names: signal => waitForLock(path, ['BEGIN IMMEDIATE'], signal),
    tryExclusive: () => tryLock(path, lockStatements.exclusive),
  };
}

/** The statements of locks on a database that holds nothing else: for many at once, and for one alone. */
export const lockStatements = {
  shared: ['BEGIN', 'SELECT count(*) FROM sqlite_schema'],
  exclusive: ['BEGIN EXCLUSIVE'],
} as const;

/** Waits for the lock that `statements` stand for on the database at `path`. */
export async function waitForLock(
  path: string,
  statements: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Disposable> {
  for (let pause = 1; ; pause = Math.min(pause * 2, 100)) {
    const held = tryLock(path, statements);
    if (held !== undefined) return held;
    // A random part, so that waiting processes do not run in step.
    await delay(pause * (0.5 + Math.random()), signal);
  }
}

const sqliteBusy = 5;
const sqliteReadOnly = 8;

/** Takes the lock that `statements` stand for on the database at `path`, or gives undefined where it is taken. */
export function tryLock(path: string, statements: readonly string[]): Disposable | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    // Nothing is ever written, but SQLite would make a journal file, which fails on a full disk.
    database.exec('PRAGMA journal_mode = MEMORY');
    for (const statement of statements) database.exec(statement);
  } catch (error) {
    database?.close();
    if (isSqliteError(error) && error.errcode % 256 === sqliteBusy) return undefined;
    throw unusable(error, path);
  }
  const held = database;
  // Closing rolls the transaction back. Closing twice would throw.
  return { [Symbol.dispose]: () => (held.isOpen ? held.close() : undefined) };
}

function unusable(error: unknown, path: string): unknown {
  if (!isSqliteError(error)) return error;
  const errno = error.errcode % 256 === sqliteReadOnly ? 'read-only' : error.message;
  const failure = { code: 'file-system', path, operation: 'lock', errno } as const;
  return new AppError(failure, { cause: error });
}

function isSqliteError(error: unknown): error is Error & { readonly errcode: number } {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
}
