import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { createBreathe } from '../breathe.ts';
import { readHostFile, type HostFile } from './host-file.ts';
import type { FileHasher } from './folder-tree.ts';

/** A hash (sha256 in hex), the stat it belongs to, and when reading began in ms since 1970. */
type StatRecord = readonly [stat: string, recordedMs: number, sha256: string];

/** Hashes files and remembers the hashes, so that an unchanged file is not read again. */
export interface StatCache extends FileHasher {
  /** Keeps what was learned for the next process. Never fails a build: without it, files are read again. */
  save(): Promise<void>;
}

const formatVersion = 2;
/** Above this many records those that this run did not use are forgotten. */
const manyRecords = 400_000;
const fineGranularityMs = 20;
const coarseGranularityMs = 2000;
const nsPerMs = 1_000_000n;

/** Opens the records about the folder `rootDir`. They lie in `cacheDir`, a folder of the store. */
export async function openStatCache(cacheDir: string, rootDir: string): Promise<StatCache> {
  const name = createHash('sha256').update(path.resolve(rootDir)).digest('hex');
  const file = path.join(cacheDir, `${name}.json`);
  const old = await readRecords(file);
  const used = new Map<string, StatRecord>();
  let learned = false;

  return {
    async hash(hostFile, signal) {
      const key = hostFile.hostPath;
      const known = used.get(key) ?? old.get(key);
      if (known && isTrusted(known, hostFile)) {
        used.set(key, known);
        return known[2];
      }
      const record = await newRecord(hostFile, signal);
      used.set(key, record);
      learned = true;
      return record[2];
    },
    async save() {
      if (!learned) return;
      const kept = old.size + used.size > manyRecords ? used : new Map([...old, ...used]);
      await writeRecords(file, kept).catch(() => undefined);
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
function isTrusted([stat, recordedMs]: StatRecord, file: HostFile): boolean {
  if (stat !== statOf(file)) return false;
  const newest = file.mtimeNs > file.ctimeNs ? file.mtimeNs : file.ctimeNs;
  // Whole milliseconds are the sign of a coarse clock: FAT counts in steps of two seconds.
  const granularityMs = file.ctimeNs % nsPerMs === 0n ? coarseGranularityMs : fineGranularityMs;
  return Number(newest / nsPerMs) < recordedMs - granularityMs;
}

function statOf({ size, mtimeNs, ctimeNs, inode }: HostFile): string {
  return `${size} ${mtimeNs} ${ctimeNs} ${inode}`;
}

async function newRecord(file: HostFile, signal?: AbortSignal): Promise<StatRecord> {
  const recordedMs = Date.now();
  return [statOf(file), recordedMs, await hashHostFile(file, signal)];
}

async function readRecords(file: string): Promise<Map<string, StatRecord>> {
  try {
    const { version, records } = JSON.parse(await readFile(file, 'utf8')) as {
      readonly version: unknown;
      readonly records: readonly (readonly [string, StatRecord])[];
    };
    return version === formatVersion ? new Map(records) : new Map();
  } catch {
    // Absent or damaged: the files are read again, nothing is lost.
    return new Map();
  }
}

async function writeRecords(file: string, records: ReadonlyMap<string, StatRecord>): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const aside = `${file}.${randomUUID()}.tmp`;
  try {
    await writeFile(aside, JSON.stringify({ version: formatVersion, records: [...records] }));
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}
