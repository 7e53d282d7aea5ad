import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { EarlierStep } from '../../../../shared/ipc/step-cache.ts';
import type { Database } from '../../content/database.ts';
import { unpackFiles, type ListedFile } from './file-list.ts';
import { keptInputsSchema, type KeptInputs } from './kept-inputs.ts';
import { outcomeOf, outcomeSchema, type StepOutcome } from './outcome.ts';

/** What a step made, with all that is needed to say later why another run of it differs. Times are in ms since 1970. */
export interface StepRecord {
  readonly stepKey: string;
  /** A hash of the Dockerfile's path. */
  readonly dockerfile: string;
  /** A hash of the place in the Dockerfile. */
  readonly site: string;
  readonly keyword: string;
  /** The instruction as the author wrote it, without credentials. */
  readonly text: string;
  readonly builtAt: number;
  readonly usedAt: number;
  readonly uses: number;
  readonly buildId?: string;
  readonly from?: string;
  readonly outcome: StepOutcome;
  readonly inputs: KeptInputs;
  readonly droppedAt?: number;
}

/** A record as it is written, with the packed lists that its inputs name. */
export interface NewRecord {
  readonly record: StepRecord;
  readonly lists: ReadonlyMap<string, Uint8Array>;
}

/** The records of a store's cache. Other processes may change them at any time. Every call throws as `Database.use`. */
export interface StepRecords {
  /** Secret of this store, for marks of what must not be kept. */
  readonly salt: string;
  find(stepKey: string): StepRecord | undefined;
  /** The newest runs of the step at this place, and of steps with this text, first in this Dockerfile; dropped ones too. */
  alike(like: Pick<StepRecord, 'dockerfile' | 'site' | 'text'>): readonly StepRecord[];
  files(listKey: string): readonly ListedFile[] | undefined;
  put(record: NewRecord): void;
  /** Counts one more use of each. */
  use(stepKeys: readonly string[], now: number): void;
  /** All that count, the latest used first. */
  list(): readonly StepRecord[];
  /** They count no longer; what they explain is kept for a while. Returns how many that were. */
  drop(stepKeys: readonly string[], now: number): number;
  close(): void;
}

/** Dropped records that are kept, the newest ones. */
const mostDropped = 1000;
const mostAlike = 8;

export function stepRecords(database: Database): StepRecords {
  const use: Database['use'] = work => database.use(work);
  return {
    salt: use(connection => String(connection.prepare('SELECT salt FROM secrets').get()?.['salt'])),
    find: stepKey =>
      use(connection => {
        const row = connection.prepare('SELECT * FROM steps WHERE step_key = ?').get(stepKey);
        return row && recordOf(row);
      }),
    alike: like => use(connection => alike(connection, like)),
    files: listKey =>
      use(connection => {
        const sql = 'SELECT packed FROM file_lists WHERE list_key = ?';
        const packed = connection.prepare(sql).get(listKey)?.['packed'];
        return packed instanceof Uint8Array ? unpackFiles(packed) : undefined;
      }),
    put: added => use(connection => atOnce(connection, () => put(connection, added))),
    use: (stepKeys, now) =>
      use(connection =>
        atOnce(connection, () => {
          const sql = 'UPDATE steps SET used_at = ?, uses = uses + 1 WHERE step_key = ?';
          const update = connection.prepare(sql);
          for (const stepKey of stepKeys) update.run(now, stepKey);
        }),
      ),
    list: () =>
      use(connection => {
        const sql = 'SELECT * FROM steps WHERE dropped_at IS NULL ORDER BY used_at DESC, step_key';
        return connection.prepare(sql).all().flatMap(whole);
      }),
    drop: (stepKeys, now) =>
      use(connection => atOnce(connection, () => drop(connection, stepKeys, now))),
    close: () => database.close(),
  };
}

/** How a record is told of in events. */
export function earlierOf({
  builtAt,
  buildId,
  from,
}: Pick<StepRecord, 'builtAt' | 'buildId' | 'from'>): EarlierStep {
  return {
    builtAt,
    ...(buildId === undefined ? {} : { buildId }),
    ...(from === undefined ? {} : { from }),
  };
}

function alike(
  connection: DatabaseSync,
  { dockerfile, site, text }: Pick<StepRecord, 'dockerfile' | 'site' | 'text'>,
): readonly StepRecord[] {
  const found = new Map<string, StepRecord>();
  for (const [condition, ...values] of [
    ['site = ?', site],
    ['text = ? AND dockerfile = ?', text, dockerfile],
    ['text = ?', text],
  ]) {
    const sql = `SELECT * FROM steps WHERE ${condition} ORDER BY built_at DESC LIMIT ${mostAlike}`;
    const rows = connection.prepare(sql).all(...values);
    for (const record of rows.flatMap(whole)) found.set(record.stepKey, record);
  }
  return [...found.values()];
}

function put(connection: DatabaseSync, { record, lists }: NewRecord): void {
  const { stepKey, dockerfile, site, keyword, text, builtAt, usedAt, uses } = record;
  connection
    .prepare(`INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`)
    .run(
      ...([stepKey, dockerfile, site, keyword, text, builtAt, usedAt, uses] as const),
      ...([record.buildId ?? null, record.from ?? null] as const),
      ...([JSON.stringify(record.outcome), JSON.stringify(record.inputs)] as const),
    );
  const addList = connection.prepare('INSERT OR IGNORE INTO file_lists VALUES (?, ?)');
  const addUse = connection.prepare('INSERT OR IGNORE INTO list_uses VALUES (?, ?)');
  for (const [listKey, packed] of lists) {
    addList.run(listKey, packed);
    addUse.run(stepKey, listKey);
  }
}

function drop(connection: DatabaseSync, stepKeys: readonly string[], now: number): number {
  const sql = 'UPDATE steps SET dropped_at = ? WHERE step_key = ? AND dropped_at IS NULL';
  const mark = connection.prepare(sql);
  let dropped = 0;
  for (const stepKey of stepKeys) dropped += Number(mark.run(now, stepKey).changes);
  connection.exec(`
    DELETE FROM steps WHERE step_key IN (
      SELECT step_key FROM steps WHERE dropped_at IS NOT NULL
      ORDER BY dropped_at DESC LIMIT -1 OFFSET ${mostDropped});
    DELETE FROM list_uses WHERE step_key NOT IN (
      SELECT step_key FROM steps WHERE dropped_at IS NULL);
    DELETE FROM file_lists WHERE list_key NOT IN (SELECT list_key FROM list_uses);`);
  return dropped;
}

function atOnce<T>(connection: DatabaseSync, work: () => T): T {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    connection.exec('COMMIT');
    return result;
  } catch (error) {
    if (connection.isTransaction) connection.exec('ROLLBACK');
    throw error;
  }
}

type Row = Record<string, SQLOutputValue>;

function whole(row: Row): StepRecord[] {
  const record = recordOf(row);
  return record ? [record] : [];
}

/** Undefined for a row that another version wrote in another way. */
function recordOf(row: Row): StepRecord | undefined {
  const outcome = outcomeSchema.safeParse(parsed(row['outcome']));
  const inputs = keptInputsSchema.safeParse(parsed(row['inputs']));
  if (!outcome.success || !inputs.success) return undefined;
  const { build_id: buildId, origin, dropped_at: droppedAt } = row;
  return {
    stepKey: String(row['step_key']),
    dockerfile: String(row['dockerfile']),
    site: String(row['site']),
    keyword: String(row['keyword']),
    text: String(row['text']),
    builtAt: Number(row['built_at']),
    usedAt: Number(row['used_at']),
    uses: Number(row['uses']),
    ...(buildId === null ? {} : { buildId: String(buildId) }),
    ...(origin === null ? {} : { from: String(origin) }),
    outcome: outcomeOf(outcome.data),
    inputs: inputs.data,
    ...(droppedAt === null ? {} : { droppedAt: Number(droppedAt) }),
  };
}

function parsed(value: SQLOutputValue | undefined): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
}
