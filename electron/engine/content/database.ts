import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError, type Failure } from '../../../shared/failure.ts';
import { fileFailure } from './file-system.ts';
import { pause } from './pause.ts';

/** Marks a file as ours (`PRAGMA application_id`), "LWRT" in ASCII. */
const applicationId = 0x4c575254;
/** How long a statement waits for another process's transaction, in ms. */
const busyTimeout = 5000;

/** Result codes, https://www.sqlite.org/rescode.html. Extended codes hold the primary one in the low byte. */
const sqlite = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cantOpen: 14,
  notADatabase: 26,
};

/** A database of the store. Every call maps SQLite's errors to failures that name the file. */
export interface Database {
  /** Runs `work` with the connection. Throws AppError `store-damaged`, `store-busy`, `disk-full` or `file-system`. */
  use<T>(work: (connection: DatabaseSync) => T): T;
  close(): void;
}

/**
 * Opens or creates the database at `file` (WAL, so that several processes read while one writes) and
 * brings its schema up to date: `migrations` are the steps, one a version, of which `PRAGMA user_version` counts those
 * that a file has been through. A file that is damaged, foreign or newer fails and is left as it is.
 * Throws AppError `store-damaged`, `state-newer`, `store-busy`, `disk-full` or `file-system`.
 */
export function openDatabase(file: string, migrations: readonly string[]): Database {
  return guarded(file, () => {
    mkdirSync(path.dirname(file), { recursive: true });
    const connection = new DatabaseSync(file, { timeout: busyTimeout });
    try {
      switchToWal(connection);
      connection.exec('PRAGMA synchronous = NORMAL');
      migrate(connection, file, migrations);
    } catch (error) {
      connection.close();
      throw error;
    }
    return {
      use: work => guarded(file, () => work(connection)),
      close: () => connection.close(),
    };
  });
}

/** Two processes that create the file at once can meet here, where SQLite does not wait by itself. */
function switchToWal(connection: DatabaseSync): void {
  for (let attempt = 0; ; attempt += 1) {
    try {
      connection.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (sqliteCode(error) !== sqlite.busy || attempt === 100) throw error;
      pause(20);
    }
  }
}

function migrate(connection: DatabaseSync, file: string, migrations: readonly string[]): void {
  if (pragma(connection, 'user_version') === migrations.length) return;
  connection.exec('BEGIN IMMEDIATE');
  try {
    const version = checkedVersion(connection, file, migrations.length);
    for (const step of migrations.slice(version)) connection.exec(step);
    connection.exec(`PRAGMA application_id = ${applicationId}`);
    connection.exec(`PRAGMA user_version = ${migrations.length}`);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

function checkedVersion(connection: DatabaseSync, file: string, known: number): number {
  const version = pragma(connection, 'user_version');
  if (version > known) throw new AppError({ code: 'state-newer', path: file, version, known });
  const tables = connection.prepare('SELECT count(*) AS value FROM sqlite_schema').get();
  const isNew = tables?.['value'] === 0;
  if (!isNew && pragma(connection, 'application_id') !== applicationId) {
    throw new AppError({
      code: 'store-damaged',
      path: file,
      problem: 'it is the database of another program',
    });
  }
  return version;
}

function pragma(connection: DatabaseSync, key: 'user_version' | 'application_id'): number {
  return Number(connection.prepare(`PRAGMA ${key}`).get()?.[key]);
}

function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = sqliteCode(error);
    if (code === undefined) throw fileFailure(error, 'open', file);
    const failure = failureOfSqlite(code, file);
    throw failure === undefined ? error : new AppError(failure, { cause: error });
  }
}

function failureOfSqlite(code: number, file: string): Failure | undefined {
  switch (code) {
    case sqlite.notADatabase:
      return { code: 'store-damaged', path: file, problem: 'it is not a database' };
    case sqlite.corrupt:
      return { code: 'store-damaged', path: file, problem: 'the database is malformed' };
    case sqlite.busy:
    case sqlite.locked:
      return { code: 'store-busy', path: file };
    case sqlite.full:
      return { code: 'disk-full', path: file };
    case sqlite.readOnly:
      return { code: 'file-system', operation: 'write', path: file, errno: 'read-only' };
    case sqlite.ioError:
      return { code: 'file-system', operation: 'read or write', path: file, errno: 'I/O error' };
    case sqlite.cantOpen:
      return { code: 'file-system', operation: 'open', path: file, errno: 'cannot open' };
    default:
      return undefined;
  }
}

/** The primary result code of an error of node:sqlite; undefined for any other error. */
function sqliteCode(error: unknown): number | undefined {
  const isSqlite =
    error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';
  return isSqlite ? Number(error.errcode) & 0xff : undefined;
}

/** Tells whether a statement failed because a row with that key exists (SQLITE_CONSTRAINT). */
export function isConstraintError(error: unknown): boolean {
  return sqliteCode(error) === 19;
}
