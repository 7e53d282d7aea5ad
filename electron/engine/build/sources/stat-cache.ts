import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createBreathe } from '../breathe.ts';
import { readHostFile, type HostFile } from './host-file.ts';
import type { FileHasher } from './host-node.ts';
import { columns, decodeStats, encodeStats, type StatRecord, type StatTable } from './stat-file.ts';

/** Hashes files and remembers the hashes, so that an unchanged file is not read again. */
export interface StatCache extends FileHasher {
  /** Keeps what was learned for the next process. Never fails a build: without it, files are read again. */
  save(): Promise<void>;
}

/** Above this many records those that this run did not use are forgotten. */
const manyRecords = 400_000;
const fineGranularityMs = 20;
const coarseGranularityMs = 2000;

/** Opens the records about the folder `rootDir`. They lie in `cacheDir`, a folder of the store. */
export async function openStatCache(cacheDir: string, rootDir: string): Promise<StatCache> {
  const name = createHash('sha256').update(path.resolve(rootDir)).digest('hex');
  const file = path.join(cacheDir, `${name}.stat`);
  const old = await readTable(file);
  const learned = new Map<string, StatRecord>();

  return {
    hash(hostFile, signal) {
      const { shownPath } = hostFile;
      const known = old?.hash(shownPath, (numbers, at) => isTrusted(numbers, at, hostFile));
      if (known !== undefined) return known;
      const again = learned.get(shownPath);
      if (again && isSame(again, hostFile)) return again.sha256;
      return newRecord(hostFile, signal).then(record => {
        learned.set(shownPath, record);
        return record.sha256;
      });
    },
    async save() {
      if (learned.size === 0) return;
      await writeRecords(file, merged(old, learned)).catch(() => undefined);
    },
  };
}

/** Hashes without remembering. */
export async function hashHostFile(file: HostFile, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const breathe = createBreathe();
  for await (const chunk of readHostFile(file, signal)) {
    hash.update(chunk);
    await breathe();
  }
  return hash.digest('hex');
}

function isTrusted(numbers: Float64Array, at: number, file: HostFile): boolean {
  return (
    numbers[at + columns.size] === file.size &&
    numbers[at + columns.modifiedMs] === file.modifiedMs &&
    numbers[at + columns.changedMs] === file.changedMs &&
    numbers[at + columns.inode] === file.inode &&
    wasAtRest(file, numbers[at + columns.recordedMs] ?? 0)
  );
}

function isSame(record: StatRecord, file: HostFile): boolean {
  return (
    record.size === file.size &&
    record.modifiedMs === file.modifiedMs &&
    record.changedMs === file.changedMs &&
    record.inode === file.inode &&
    wasAtRest(file, record.recordedMs)
  );
}

/**
 * A record counts only if the file was already at rest when it was read: a later change within the clock's step of that
 * file system would leave the same stat (git calls such an entry "racily clean").
 */
function wasAtRest({ changedMs, modifiedMs }: HostFile, recordedMs: number): boolean {
  // Whole milliseconds are the sign of a coarse clock: FAT counts in steps of two seconds.
  const granularityMs = Number.isInteger(changedMs) ? coarseGranularityMs : fineGranularityMs;
  return Math.max(modifiedMs, changedMs) < recordedMs - granularityMs;
}

async function newRecord(file: HostFile, signal?: AbortSignal): Promise<StatRecord> {
  const { size, modifiedMs, changedMs, inode } = file;
  const recordedMs = Date.now();
  const sha256 = await hashHostFile(file, signal);
  return { size, modifiedMs, changedMs, inode, recordedMs, sha256 };
}

function merged(
  old: StatTable | undefined,
  learned: ReadonlyMap<string, StatRecord>,
): ReadonlyMap<string, StatRecord> {
  if (!old) return learned;
  const which = old.size + learned.size > manyRecords ? 'used' : 'all';
  return new Map([...old.records(which), ...learned]);
}

/** Where it is absent or damaged the files are read again, and nothing is lost. */
async function readTable(file: string): Promise<StatTable | undefined> {
  try {
    return decodeStats(await readFile(file));
  } catch {
    return undefined;
  }
}

async function writeRecords(file: string, records: ReadonlyMap<string, StatRecord>): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const aside = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(aside, encodeStats(records));
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}
