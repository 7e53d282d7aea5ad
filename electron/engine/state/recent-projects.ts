import { existsSync } from 'node:fs';
import path from 'node:path';
import type { RecentProject } from '../../../shared/ipc/app-views.ts';
import type { Database } from '../content/database.ts';

const mostRemembered = 30;

/** The folders that were opened, the last one first. */
export interface RecentProjects {
  /** `dir` is an absolute path, `time` is in ms since 1970. */
  remember(dir: string, time: number): void;
  forget(dir: string): void;
  list(): readonly RecentProject[];
}

export function createRecentProjects(database: Database): RecentProjects {
  return {
    remember: (dir, time) =>
      database.use(connection => {
        connection
          .prepare(
            `INSERT INTO recent_projects (dir, opened_at) VALUES (?, ?)
           ON CONFLICT (dir) DO UPDATE SET opened_at = excluded.opened_at`,
          )
          .run(dir, time);
        connection
          .prepare(
            `DELETE FROM recent_projects WHERE dir NOT IN
           (SELECT dir FROM recent_projects ORDER BY opened_at DESC, dir LIMIT ?)`,
          )
          .run(mostRemembered);
      }),
    forget: dir =>
      database.use(connection => {
        connection.prepare(`DELETE FROM recent_projects WHERE dir = ?`).run(dir);
      }),
    list: () =>
      database.use(connection => {
        const sql = `SELECT dir, opened_at FROM recent_projects ORDER BY opened_at DESC, dir`;
        return connection
          .prepare(sql)
          .all()
          .map(row => project(String(row['dir']), Number(row['opened_at'])));
      }),
  };
}

function project(dir: string, openedAt: number): RecentProject {
  return { dir, name: path.basename(dir), openedAt, missing: !existsSync(dir) };
}
