import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { explain, failureOf } from '../../../../shared/failure.ts';
import { openDatabase } from '../../content/database.ts';
import { migrations } from './schema.ts';
import { stepRecords, type StepRecords } from './step-records.ts';

/** The records of a store, or nothing where they cannot be opened; and what there is to say about it. */
export interface OpenedRecords {
  readonly records?: StepRecords;
  /** A sentence. */
  readonly problem?: string;
}

/** The database of the step cache in the store at `storeDir`. */
export function recordsFile(storeDir: string): string {
  return path.join(storeDir, 'cache', 'steps.sqlite');
}

/**
 * Opens the records of the store in `storeDir`. Never throws: a database that is damaged, of another program or of a
 * newer version is set aside as `steps.sqlite.aside`, and an empty one takes its place.
 */
export function openStepRecords(storeDir: string): OpenedRecords {
  const file = recordsFile(storeDir);
  try {
    return { records: open(file) };
  } catch (error) {
    const { code } = failureOf(error);
    const problem = explain(failureOf(error)).message;
    if (code !== 'store-damaged' && code !== 'state-newer') {
      return { problem: `The step cache cannot be used, so every step runs. ${problem}` };
    }
    return replace(file, problem);
  }
}

function open(file: string): StepRecords {
  const database = openDatabase(file, migrations);
  try {
    // A cache that a power cut damages is set aside like any other; waiting for the disk is felt in every build.
    database.use(connection => connection.exec('PRAGMA synchronous = OFF'));
    return stepRecords(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

function replace(file: string, problem: string): OpenedRecords {
  try {
    setAside(file);
    const said = `The step cache starts anew; the old one was set aside as ${file}.aside. ${problem}`;
    return { records: open(file), problem: said };
  } catch {
    return {
      problem: `The step cache cannot be used, and could not be set aside, so every step runs. ${problem}`,
    };
  }
}

/** The journal belongs to the database: a new one beside the old journal would be damaged at once. */
function setAside(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    const part = `${file}${suffix}`;
    const aside = `${file}.aside${suffix}`;
    rmSync(aside, { force: true, recursive: true });
    if (existsSync(part)) renameSync(part, aside);
  }
}
