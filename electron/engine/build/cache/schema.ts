/** The schema of the cache's records, one step a version. A released step is never edited; a change is a new one. */
export const migrations: readonly string[] = [
  `CREATE TABLE steps (
     step_key TEXT PRIMARY KEY NOT NULL,
     -- Which step of which Dockerfile it was; both are hashes.
     dockerfile TEXT NOT NULL,
     site TEXT NOT NULL,
     keyword TEXT NOT NULL,
     text TEXT NOT NULL,
     built_at INTEGER NOT NULL,
     used_at INTEGER NOT NULL,
     uses INTEGER NOT NULL,
     build_id TEXT,
     -- The shared cache that it came from.
     origin TEXT,
     outcome TEXT NOT NULL,
     inputs TEXT NOT NULL,
     -- Set where it counts no longer, and only helps to explain.
     dropped_at INTEGER
   ) STRICT;
   CREATE INDEX steps_by_site ON steps (site, built_at);
   CREATE INDEX steps_by_text ON steps (text, built_at);
   CREATE TABLE file_lists (
     list_key TEXT PRIMARY KEY NOT NULL,
     packed BLOB NOT NULL
   ) STRICT;
   CREATE TABLE list_uses (
     step_key TEXT NOT NULL,
     list_key TEXT NOT NULL,
     PRIMARY KEY (step_key, list_key)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE secrets (salt TEXT NOT NULL) STRICT;
   INSERT INTO secrets VALUES (hex(randomblob(32)));`,
];
