/**
 * The history's schema, one step a version. A step is never edited once released; a change is a new step at the end.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE builds (
     build_id TEXT PRIMARY KEY NOT NULL,
     status TEXT NOT NULL,
     -- The claim (process-claim.ts) of the process that runs the build.
     owner TEXT NOT NULL,
     search_text TEXT NOT NULL,
     summary TEXT NOT NULL,
     request TEXT NOT NULL,
     -- What the build made; absent while it runs and where it failed.
     manifest_digest TEXT
   ) STRICT;
   CREATE INDEX builds_by_image ON builds (manifest_digest) WHERE manifest_digest IS NOT NULL;
   CREATE INDEX builds_running ON builds (owner) WHERE status = 'running';
   CREATE TABLE recent_projects (
     dir TEXT PRIMARY KEY NOT NULL,
     opened_at INTEGER NOT NULL
   ) STRICT;`,
  // Out of the summary, so that nobody has to keep two places alike (https://www.sqlite.org/gencol.html).
  `ALTER TABLE builds ADD COLUMN context_dir TEXT
     GENERATED ALWAYS AS (json_extract(summary, '$.contextDir')) VIRTUAL;
   CREATE INDEX builds_by_project ON builds (context_dir, build_id);
   CREATE INDEX builds_by_status ON builds (status, build_id);`,
];
