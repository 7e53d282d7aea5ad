import type { SQLOutputValue } from 'node:sqlite';
import { AppError } from '../../../shared/failure.ts';
import { buildRequestSchema, type BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { BuildDetail, BuildStatus, BuildSummary } from '../../../shared/ipc/build-views.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { newBuildId } from './build-id.ts';
import { isConstraintError, type Database } from '../content/database.ts';
import { isClaimHeld } from './process-claim.ts';
import { newSummary, searchText } from './summary.ts';

type Row = Record<string, SQLOutputValue>;

/** Which part of the list is asked for: newest first, `search` in folder, Dockerfile, tags and build id. */
export interface HistoryQuery {
  readonly offset: number;
  readonly limit: number;
  readonly search?: string;
}

/** The list of builds, which survives restarts. Builds whose process died show as `interrupted`. */
export interface BuildHistory {
  /** Records a build that begins now and gives it its id. `owner` is the claim of this process. */
  begin(request: BuildRequest, owner: string): BuildSummary;
  save(summary: BuildSummary): void;
  list(query: HistoryQuery): { readonly builds: readonly BuildSummary[]; readonly total: number };
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

function list(database: Database, { offset, limit, search = '' }: HistoryQuery) {
  return database.use(connection => {
    const where = `FROM builds WHERE ? = '' OR instr(search_text, ?) > 0`;
    const needle = search.toLowerCase();
    const total = connection.prepare(`SELECT count(*) AS total ${where}`).get(needle, needle);
    const page = connection.prepare(
      `SELECT status, summary ${where} ORDER BY build_id DESC LIMIT ? OFFSET ?`,
    );
    const rows = page.all(needle, needle, limit, offset);
    return { builds: rows.map(summaryOf), total: Number(total?.['total']) };
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
