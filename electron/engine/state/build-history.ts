import type { SQLOutputValue } from 'node:sqlite';
import { AppError } from '../../../shared/failure.ts';
import { buildRequestSchema, type BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { BuildDetail, BuildStatus, BuildSummary } from '../../../shared/ipc/build-views.ts';
import type { HistoryFilter, HistoryProject } from '../../../shared/ipc/history-views.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { idsFrom, newBuildId, timeOfId } from './build-id.ts';
import { isConstraintError, type Database } from '../content/database.ts';
import { isClaimHeld } from './process-claim.ts';
import { newSummary, searchText } from './summary.ts';

type Row = Record<string, SQLOutputValue>;

/** Which part of the list is asked for, newest first. */
export interface HistoryQuery extends HistoryFilter {
  readonly offset: number;
  readonly limit: number;
}

/** The list of builds, which survives restarts. Builds whose process died show as `interrupted`. */
export interface BuildHistory {
  /** Records a build that begins now and gives it its id. `owner` is the claim of this process. */
  begin(request: BuildRequest, owner: string): BuildSummary;
  save(summary: BuildSummary): void;
  list(query: HistoryQuery): { readonly builds: readonly BuildSummary[]; readonly total: number };
  /** The ids of all that the filter lets through, newest first. */
  ids(filter: HistoryFilter): readonly string[];
  /** The folders that were built in, the last one first. */
  projects(): readonly HistoryProject[];
  /** The newest build before this one with the same folder and Dockerfile. */
  before(build: BuildSummary): BuildSummary | undefined;
  /** The newest build that made this image. */
  findByImage(manifestDigest: Digest): BuildSummary | undefined;
  /** Throws AppError `build-missing`. */
  get(buildId: string): BuildDetail;
  /** Throws AppError `build-missing`, or `build-running`: cancel it first. */
  delete(buildId: string): void;
}

/** The history in `database`; `claimsDir` holds the claims of the processes that run builds. */
export function createBuildHistory(database: Database, claimsDir: string): BuildHistory {
  return {
    begin: (request, owner) => begin(database, request, owner),
    save: summary => save(database, summary),
    list: query => {
      markInterrupted(database, claimsDir);
      return list(database, query);
    },
    ids: filter => {
      markInterrupted(database, claimsDir);
      return ids(database, filter);
    },
    projects: () => projects(database),
    before: build => before(database, build),
    findByImage: manifestDigest => findByImage(database, manifestDigest),
    get: buildId => {
      markInterrupted(database, claimsDir);
      return get(database, buildId);
    },
    delete: buildId => {
      markInterrupted(database, claimsDir);
      remove(database, buildId);
    },
  };
}

function begin(database: Database, request: BuildRequest, owner: string): BuildSummary {
  return database.use(connection => {
    const insert = connection.prepare(
      `INSERT INTO builds (build_id, status, owner, search_text, summary, request) VALUES (?, 'running', ?, ?, ?, ?)`,
    );
    for (;;) {
      const time = Date.now();
      const summary = newSummary(newBuildId(time), request, time);
      try {
        const texts = [searchText(summary), JSON.stringify(summary), JSON.stringify(request)];
        insert.run(summary.buildId, owner, ...texts);
        return summary;
      } catch (error) {
        // Another build took the same id in this very millisecond; the next try draws another.
        if (!isConstraintError(error)) throw error;
      }
    }
  });
}

function save(database: Database, summary: BuildSummary): void {
  database.use(connection => {
    const sql = `UPDATE builds SET status = ?, summary = ?, search_text = ?, manifest_digest = ? WHERE build_id = ?`;
    const digest = summary.result?.manifestDigest ?? null;
    const texts = [JSON.stringify(summary), searchText(summary), digest] as const;
    connection.prepare(sql).run(summary.status, ...texts, summary.buildId);
  });
}

function list(database: Database, { limit, offset, ...filter }: HistoryQuery) {
  return database.use(connection => {
    const { values, where } = conditions(filter);
    const total = connection
      .prepare(`SELECT count(*) AS total FROM builds ${where}`)
      .get(...values);
    const page = connection.prepare(
      `SELECT status, summary FROM builds ${where} ORDER BY build_id DESC LIMIT ? OFFSET ?`,
    );
    const rows = page.all(...values, limit, offset);
    return { builds: rows.map(summaryOf), total: Number(total?.['total']) };
  });
}

function ids(database: Database, filter: HistoryFilter): readonly string[] {
  return database.use(connection => {
    const { values, where } = conditions(filter);
    const sql = `SELECT build_id FROM builds ${where} ORDER BY build_id DESC`;
    return connection
      .prepare(sql)
      .all(...values)
      .map(row => String(row['build_id']));
  });
}

/** Only what is asked for becomes part of the statement, so that the indexes are used. */
function conditions({ contextDir, from, search = '', status, to }: HistoryFilter) {
  const parts: string[] = [];
  const values: string[] = [];
  const add = (sql: string, ...more: readonly string[]): void => {
    parts.push(sql);
    values.push(...more);
  };
  if (contextDir !== undefined) add('context_dir = ?', contextDir);
  if (status !== undefined) add(`status IN (${status.map(() => '?').join()})`, ...status);
  // Ids begin with the time, and are the order of the table.
  if (from !== undefined) add('build_id >= ?', idsFrom(from));
  if (to !== undefined) add('build_id < ?', idsFrom(to));
  if (search !== '') add('instr(search_text, ?) > 0', search.toLowerCase());
  return { where: parts.length === 0 ? '' : `WHERE ${parts.join(' AND ')}`, values };
}

function projects(database: Database): readonly HistoryProject[] {
  return database.use(connection => {
    const sql = `SELECT context_dir, count(*) AS builds, sum(status = 'failed') AS failed,
      max(build_id) AS last FROM builds GROUP BY context_dir ORDER BY last DESC`;
    return connection
      .prepare(sql)
      .all()
      .map(row => ({
        contextDir: String(row['context_dir']),
        builds: Number(row['builds']),
        failed: Number(row['failed']),
        lastAt: timeOfId(String(row['last'])),
      }));
  });
}

function before(database: Database, build: BuildSummary): BuildSummary | undefined {
  return database.use(connection => {
    const sql = `SELECT status, summary FROM builds WHERE context_dir = ? AND build_id < ?
      ORDER BY build_id DESC`;
    for (const row of connection.prepare(sql).iterate(build.contextDir, build.buildId)) {
      const earlier = summaryOf(row);
      if (earlier.dockerfile === build.dockerfile) return earlier;
    }
    return undefined;
  });
}

function findByImage(database: Database, manifestDigest: Digest): BuildSummary | undefined {
  return database.use(connection => {
    const sql = `SELECT status, summary FROM builds WHERE manifest_digest = ? ORDER BY build_id DESC LIMIT 1`;
    const row = connection.prepare(sql).get(manifestDigest);
    return row === undefined ? undefined : summaryOf(row);
  });
}

function get(database: Database, buildId: string): BuildDetail {
  return database.use(connection => {
    const sql = `SELECT status, summary, request FROM builds WHERE build_id = ?`;
    const row = connection.prepare(sql).get(buildId);
    if (row === undefined) throw new AppError({ code: 'build-missing', buildId });
    const request = buildRequestSchema.parse(JSON.parse(String(row['request'])));
    return { summary: summaryOf(row), request };
  });
}

function remove(database: Database, buildId: string): void {
  if (get(database, buildId).summary.status === 'running') {
    throw new AppError({ code: 'build-running', buildId });
  }
  database.use(connection => {
    connection.prepare(`DELETE FROM builds WHERE build_id = ?`).run(buildId);
  });
}

function markInterrupted(database: Database, claimsDir: string): void {
  database.use(connection => {
    const owners = connection
      .prepare(`SELECT DISTINCT owner FROM builds WHERE status = 'running'`)
      .all();
    const mark = connection.prepare(
      `UPDATE builds SET status = 'interrupted' WHERE status = 'running' AND owner = ?`,
    );
    for (const row of owners) {
      const owner = String(row['owner']);
      if (!isClaimHeld(claimsDir, owner)) mark.run(owner);
    }
  });
}

/** The column counts, not the JSON: a build that was interrupted could not say so itself. */
function summaryOf(row: Row): BuildSummary {
  const summary = JSON.parse(String(row['summary'])) as BuildSummary;
  return { ...summary, status: String(row['status']) as BuildStatus };
}
