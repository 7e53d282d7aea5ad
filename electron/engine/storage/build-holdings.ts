import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import type { Holding, HoldingProvider } from '../content/holding.ts';
import { createBuildArchive } from '../state/build-archive.ts';
import { isBuildId } from '../state/build-id.ts';
import type { State } from '../state/state.ts';
import { fileHolding } from './file-holdings.ts';
import { entriesIn } from './folders.ts';

/** The logs and events of builds; with them the build leaves the history. */
export function buildHoldings(storeDir: string, state: State): HoldingProvider {
  const dir = join(storeDir, 'state', 'builds');
  const archive = createBuildArchive(state);
  return {
    async list(signal) {
      const { builds } = archive.list({ offset: 0, limit: Number.MAX_SAFE_INTEGER });
      const known = new Map(builds.map(build => [build.buildId, build]));
      const listed: Holding[] = [];
      for (const entry of await entriesIn(dir, signal)) {
        const build = known.get(entry.name);
        const title =
          build === undefined
            ? `log of a build that is no longer known (${entry.name})`
            : `${build.tags[0] ?? build.dockerfile} in ${build.contextDir}`;
        listed.push({
          ...fileHolding('builds', entry, title),
          ...(build === undefined ? { unused: true } : { group: build.contextDir }),
          lastUsedAt: build?.finishedAt ?? build?.startedAt ?? entry.writtenAt,
          ...(build?.status === 'running' ? { kept: 'running' } : {}),
        });
      }
      return listed;
    },
    async remove(holdings) {
      for (const { holdingId } of holdings) {
        if (!isBuildId(holdingId)) {
          await rm(join(dir, holdingId), { recursive: true, force: true });
          continue;
        }
        try {
          await archive.delete(holdingId);
        } catch (error) {
          const code = error instanceof AppError ? error.failure.code : undefined;
          if (code === 'build-missing')
            await rm(join(dir, holdingId), { recursive: true, force: true });
          else if (code !== 'build-running') throw error;
        }
      }
    },
  };
}
