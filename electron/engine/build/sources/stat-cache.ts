import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createBreathe } from '../breathe.ts';
import { readHostFile, type HostFile } from './host-file.ts';
import type { FileHasher } from './host-node.ts';
import { decodeStats, encodeStats, type StatRecord, type StatTable } from './stat-file.ts';

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
  const used = new Map<string, StatRecord>();
  let learned = false;

  return {
    hash(hostFile, signal) {
      const key = hostFile.shownPath;
      const known = used.get(key) ?? old?.get(key);
      if (known && isTrusted(known, hostFile)) {
        used.set(key, known);
        return known.sha256;
      }
      return newRecord(hostFile, signal).then(record => {
        used.set(key, record);
        learned = true;
        return record.sha256;
      });
    },
    async save() {
      if (!learned) return;
      await writeRecords(file, merged(old, used)).catch(() => undefined);
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

/**
 * A record counts if the stat is the same and the file was already at rest when it was read: a later change within
 * the clock's step of that file system would leave the same stat (git calls such an entry "racily clean").
 */
function isTrusted(record: StatRecord, file: HostFile): boolean {
  const isSame =
    record.size === file.size &&
    record.modifiedMs === file.modifiedMs &&
    record.changedMs === file.changedMs &&
    record.inode === file.inode;
  if (!isSame) return false;
  // Whole milliseconds are the sign of a coarse clock: FAT counts in steps of two seconds.
  const granularityMs = Number.isInteger(file.changedMs) ? coarseGranularityMs : fineGranularityMs;
  return Math.max(file.modifiedMs, file.changedMs) < record.recordedMs - granularityMs;
}

async function newRecord(file: HostFile, signal?: AbortSignal): Promise<StatRecord> {
  const { size, modifiedMs, changedMs, inode } = file;
  const recordedMs = Date.now();
  const sha256 = await hashHostFile(file, signal);
  return { size, modifiedMs, changedMs, inode, recordedMs, sha256 };
}

function merged(
  old: StatTable | undefined,
  used: ReadonlyMap<string, StatRecord>,
): ReadonlyMap<string, StatRecord> {
  if (!old || old.size + used.size > manyRecords) return used;
  const all = new Map<string, StatRecord>();
  for (const known of old.paths()) {
    const record = old.get(known);
    if (record) all.set(known, record);
  }
  for (const [key, record] of used) all.set(key, record);
  return all;
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
