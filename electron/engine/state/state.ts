import path from 'node:path';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import { createBuildHistory, type BuildHistory } from './build-history.ts';
import { openDatabase } from '../content/database.ts';
import { createLogReaders, type LogReaders } from './log-readers.ts';
import { sweepClaims, takeClaim, type ProcessClaim } from './process-claim.ts';
import { migrations } from './migrations.ts';
import { createRecentProjects, type RecentProjects } from './recent-projects.ts';
import { createSettingsStore, type SettingsStore } from './settings.ts';

/** A build that runs in this process. */
export interface LiveBuild {
  readonly summary: BuildSummary;
  cancel(): void;
  /** Hands the lines that are still gathered to the system, so that a reader finds them. */
  flush(): void;
  readonly settled: Promise<BuildSummary>;
}

/** What the store's folder `state/` holds besides images; it may be open in several processes at once. */
export interface State {
  readonly history: BuildHistory;
  readonly recentProjects: RecentProjects;
  readonly settings: SettingsStore;
  readonly logReaders: LogReaders;
  /** Builds of this process by build id. */
  readonly live: Map<string, LiveBuild>;
  buildDir(buildId: string): string;
  /** Where files of a build's failed steps are kept, a folder for each step. It goes with the build. */
  filesDir(buildId: string): string;
  /** The claim of this process, taken when it is first asked for. */
  readonly claim: () => ProcessClaim;
  close(): Promise<void>;
}

/**
 * Opens the state of the store in `storeDir`, creating it where there is none.
 * Throws AppError `store-damaged`, `state-newer`, `store-busy`, `disk-full` or `file-system`.
 */
export function openState(storeDir: string): State {
  const stateDir = path.join(storeDir, 'state');
  const claimsDir = path.join(stateDir, 'claims');
  const database = openDatabase(path.join(stateDir, 'history.db'), migrations);
  const logReaders = createLogReaders();
  let claim: ProcessClaim | undefined;
  sweepClaims(claimsDir);
  return {
    history: createBuildHistory(database, claimsDir),
    recentProjects: createRecentProjects(database),
    settings: createSettingsStore(path.join(stateDir, 'settings.json')),
    logReaders,
    live: new Map(),
    buildDir: buildId => path.join(stateDir, 'builds', buildId),
    filesDir: buildId => path.join(stateDir, 'builds', buildId, 'files'),
    claim: () => (claim ??= takeClaim(claimsDir)),
    async close() {
      await logReaders.close();
      claim?.release();
      database.close();
    },
  };
}
