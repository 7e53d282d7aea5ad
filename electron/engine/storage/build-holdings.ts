import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import type { Holding, HoldingProvider } from '../content/holding.ts';
import { createBuildArchive } from '../state/build-archive.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import { withFailure } from '../content/file-system.ts';
import type { State } from '../state/state.ts';
import { bytesBelow, namesIn } from './folders.ts';

/** The logs and events of builds; with them the build leaves the history. */
export function buildHoldings(storeDir: string, state: State): HoldingProvider {
  const dir = join(storeDir, 'state', 'builds');
  const archive = createBuildArchive(state);
  return {
    async list(signal) {
      const { builds } = archive.list({ offset: 0, limit: Number.MAX_SAFE_INTEGER });
      const known = new Map(builds.map(build => [build.buildId, build]));
      const listed: Holding[] = [];
      for (const name of await namesIn(dir)) {
        const build = known.get(name);
        const bytes = build?.recordBytes ?? (await bytesBelow(join(dir, name), signal));
        listed.push(build === undefined ? strayLog(name, bytes) : holdingOf(build, bytes));
      }
      return listed;
    },
    async remove(holdings) {
      for (const { holdingId } of holdings) {
        try {
          await archive.delete(holdingId);
        } catch (error) {
          const code = error instanceof AppError ? error.failure.code : undefined;
          if (code === 'build-missing') await removeFolder(join(dir, holdingId));
          else if (code !== 'build-running') throw error;
        }
      }
    },
  };
}

async function removeFolder(path: string): Promise<void> {
  await withFailure('remove', path, async () => rm(path, { recursive: true, force: true }));
}

function strayLog(holdingId: string, bytes: number): Holding {
  const title = `log of a build that is no longer known (${holdingId})`;
  return { kind: 'builds', holdingId, title, bytes, lastUsedAt: 0, unused: true };
}

function holdingOf(build: BuildSummary, bytes: number): Holding {
  const { buildId, contextDir, dockerfile, finishedAt, startedAt, status, tags } = build;
  return {
    kind: 'builds',
    holdingId: buildId,
    title: `${tags[0] ?? dockerfile} in ${contextDir}`,
    bytes,
    group: contextDir,
    lastUsedAt: finishedAt ?? startedAt,
    ...(status === 'running' ? { kept: 'running' } : {}),
  };
}
