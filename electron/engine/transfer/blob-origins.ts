import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { Repository } from '../registry/registry-client.ts';

/** Remembers in which repositories a blob has been seen, so that a push can mount it instead of sending it. */
export interface BlobOrigins {
  record(repository: Repository, digests: readonly Digest[]): void;
  /** Repositories of `registry` that had the blob, the latest first. */
  find(registry: string, digest: Digest): readonly string[];
  /** Repositories of any registry that had the blob, the latest first. */
  everywhere(digest: Digest): readonly Repository[];
}

const mostRows = 100_000;
const mostRepositories = 3;
const createTable = `CREATE TABLE IF NOT EXISTS origin (
  digest TEXT NOT NULL, registry TEXT NOT NULL, repository TEXT NOT NULL, seen INTEGER NOT NULL,
  PRIMARY KEY (digest, registry, repository)) WITHOUT ROWID`;

/** Keeps the origins in `<storeDir>/origins.sqlite`. It is a cache: where it cannot be used, nothing is remembered. */
export function blobOrigins(storeDir: string, now: () => number = Date.now): BlobOrigins {
  const path = join(storeDir, 'origins.sqlite');
  return {
    record(repository, digests) {
      withDatabase(path, undefined, database => {
        const insert = database.prepare('INSERT OR REPLACE INTO origin VALUES (?, ?, ?, ?)');
        database.exec('BEGIN IMMEDIATE');
        for (const digest of digests) {
          insert.run(digest, repository.registry, repository.repository, now());
        }
        database
          .prepare(
            `DELETE FROM origin WHERE seen <= (SELECT seen FROM origin ORDER BY seen DESC LIMIT 1 OFFSET ${mostRows})`,
          )
          .run();
        database.exec('COMMIT');
      });
    },
    find: (registry, digest) =>
      withDatabase(path, [], database =>
        database
          .prepare(
            `SELECT repository FROM origin WHERE digest = ? AND registry = ? ORDER BY seen DESC LIMIT ${mostRepositories}`,
          )
          .all(digest, registry)
          .map(row => String(row['repository'])),
      ),
    everywhere: digest =>
      withDatabase(path, [], database =>
        database
          .prepare(
            `SELECT registry, repository FROM origin WHERE digest = ? ORDER BY seen DESC LIMIT ${mostRepositories}`,
          )
          .all(digest)
          .map(row => ({
            registry: String(row['registry']),
            repository: String(row['repository']),
          })),
      ),
  };
}

function withDatabase<T>(path: string, otherwise: T, work: (database: DatabaseSync) => T): T {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 1000 });
    database.exec(createTable);
    return work(database);
  } catch {
    return otherwise;
  } finally {
    database?.close();
  }
}
