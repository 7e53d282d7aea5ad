import { rm } from 'node:fs/promises';
import { AppError } from '../../../shared/failure.ts';
import type {
  BuildDetail,
  BuildSummary,
  EventPage,
  LogMatches,
  LogPage,
} from '../../../shared/ipc/build-views.ts';
import type {
  BuildComparison,
  HistoryFilter,
  HistoryProject,
  StepRun,
  TrendPoint,
} from '../../../shared/ipc/history-views.ts';
import { withFailure } from '../content/file-system.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import type { HistoryQuery } from './build-history.ts';
import { isBuildId } from './build-id.ts';
import { compareBuilds } from './compare/compare-builds.ts';
import { stepRuns } from './compare/step-runs.ts';
import { readEvents } from './event-file.ts';
import type { LogPageQuery, LogReader } from './log/log-reader.ts';
import type { LogQuery } from './log/log-search.ts';
import type { State } from './state.ts';

/** Past and running builds, as they can be read. Every function throws AppError `build-missing` for an unknown id. */
export interface BuildArchive {
  list(query: HistoryQuery): { readonly builds: readonly BuildSummary[]; readonly total: number };
  get(buildId: string): BuildDetail;
  /** The full id that `text` stands for: an id, its beginning if only one has it, or `last`. */
  find(text: string): string;
  projects(): readonly HistoryProject[];
  /** The newest builds of a folder, oldest first. */
  trend(contextDir: string, limit: number): readonly TrendPoint[];
  /** Two builds side by side; without another, with the one before it in the same folder. */
  compare(buildId: string, otherId?: string): Promise<BuildComparison>;
  /** Every step of a build with what became of it. */
  steps(buildId: string): Promise<readonly StepRun[]>;
  /** Forgets the build with its events and log. Throws AppError `build-running`. */
  delete(buildId: string): Promise<void>;
  /** Forgets all builds that the filter lets through and that do not run; gives their ids. */
  deleteAll(filter: HistoryFilter, signal?: AbortSignal): Promise<readonly string[]>;
  /** At most `limit` events from number `fromSeq` on; output lines are in the log. */
  eventsSince(buildId: string, fromSeq: number, limit: number): Promise<EventPage>;
  readonly logs: LogArchive;
}

/** The logs of builds. Lines that were just said are found, also while the build runs. */
export interface LogArchive {
  page(buildId: string, query: LogPageQuery): Promise<LogPage>;
  search(buildId: string, query: LogQuery, signal?: AbortSignal): Promise<LogMatches>;
  /** Saves the whole log as text in `file`; returns the number of lines. */
  saveTo(buildId: string, file: string, signal?: AbortSignal): Promise<number>;
}

export function createBuildArchive(state: State): BuildArchive {
  const get = (buildId: string): BuildDetail => {
    const { summary, request } = state.history.get(buildId);
    return { summary: current(state, summary), request };
  };
  const recordOf = async (buildId: string) => {
    const { events } = await readEvents(knownBuildDir(state, buildId), 0, Infinity);
    return { ...get(buildId), events };
  };
  const isRunning = (buildId: string) => state.history.get(buildId).summary.status === 'running';
  const remove = async (buildId: string): Promise<void> => {
    const dir = state.buildDir(buildId);
    await state.logReaders.release(dir);
    await withFailure('remove', dir, async () => rm(dir, { recursive: true, force: true }));
    state.history.delete(buildId);
  };
  return {
    list(query) {
      const { builds, total } = state.history.list(query);
      return { builds: builds.map(build => current(state, build)), total };
    },
    get,
    find: text => findId(state, text),
    projects: () => state.history.projects(),
    trend(contextDir, limit) {
      const { builds } = state.history.list({ offset: 0, limit, contextDir });
      return builds.map(build => trendPoint(current(state, build))).toReversed();
    },
    async compare(buildId, otherId = earlierOf(state, get(buildId).summary)) {
      const [before, after] = [buildId, otherId].toSorted();
      if (before === undefined || after === undefined) throw new Error('there are two');
      return compareBuilds(await recordOf(before), await recordOf(after));
    },
    steps: async buildId => stepRuns((await recordOf(buildId)).events),
    async delete(buildId) {
      if (isRunning(buildId)) throw new AppError({ code: 'build-running', buildId });
      await remove(buildId);
    },
    async deleteAll(filter, signal) {
      const deleted: string[] = [];
      for (const buildId of state.history.ids(filter)) {
        throwIfCancelled(signal);
        if (isRunning(buildId)) continue;
        await remove(buildId);
        deleted.push(buildId);
      }
      return deleted;
    },
    eventsSince: async (buildId, fromSeq, limit) =>
      await readEvents(knownBuildDir(state, buildId), fromSeq, limit),
    logs: createLogArchive(state),
  };
}

function createLogArchive(state: State): LogArchive {
  async function use<T>(buildId: string, work: (reader: LogReader) => Promise<T>): Promise<T> {
    const buildDir = knownBuildDir(state, buildId);
    state.live.get(buildId)?.flush();
    return await state.logReaders.use(buildDir, work);
  }
  return {
    page: async (buildId, query) => await use(buildId, reader => reader.page(query)),
    search: async (buildId, query, signal) =>
      await use(buildId, reader => reader.search(query, signal)),
    saveTo: async (buildId, file, signal) =>
      await use(buildId, reader => reader.copyTo(file, signal)),
  };
}

function findId(state: State, text: string): string {
  if (isBuildId(text)) return text;
  const ids = state.history.ids({});
  const found = text === 'last' ? ids.slice(0, 1) : ids.filter(each => each.startsWith(text));
  const [first] = found;
  if (first === undefined || found.length > 1 || text === '') {
    throw new AppError({ code: 'build-missing', buildId: text });
  }
  return first;
}

function earlierOf(state: State, build: BuildSummary): string {
  const earlier = state.history.before(build);
  if (earlier !== undefined) return earlier.buildId;
  throw new AppError({ code: 'build-alone', buildId: build.buildId, contextDir: build.contextDir });
}

function trendPoint(build: BuildSummary): TrendPoint {
  const { buildId, cachedSteps, finishedAt, layerBytes, startedAt, status, steps } = build;
  return {
    buildId,
    startedAt,
    status,
    steps,
    cachedSteps,
    ...(finishedAt === undefined ? {} : { durationMs: finishedAt - startedAt }),
    ...(layerBytes === undefined ? {} : { layerBytes }),
  };
}

/** What this process knows of its own build is newer than the row. */
function current(state: State, summary: BuildSummary): BuildSummary {
  return state.live.get(summary.buildId)?.summary ?? summary;
}

/** Guards the file system: nothing but an id becomes part of a path. */
function knownBuildDir(state: State, buildId: string): string {
  if (!isBuildId(buildId)) throw new AppError({ code: 'build-missing', buildId });
  return state.buildDir(buildId);
}
