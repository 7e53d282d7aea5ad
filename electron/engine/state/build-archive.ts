import { rm } from 'node:fs/promises';
import { AppError } from '../../../shared/failure.ts';
import type {
  BuildDetail,
  BuildSummary,
  EventPage,
  LogMatches,
  LogPage,
} from '../../../shared/ipc/build-views.ts';
import type { HistoryQuery } from './build-history.ts';
import { isBuildId } from './build-id.ts';
import { readEvents } from './event-file.ts';
import type { LogPageQuery, LogReader } from './log/log-reader.ts';
import type { LogQuery } from './log/log-search.ts';
import type { State } from './state.ts';

/** Past and running builds, as they can be read. Every function throws AppError `build-missing` for an unknown id. */
export interface BuildArchive {
  list(query: HistoryQuery): { readonly builds: readonly BuildSummary[]; readonly total: number };
  get(buildId: string): BuildDetail;
  /** Forgets the build with its events and log. Throws AppError `build-running`. */
  delete(buildId: string): Promise<void>;
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
  return {
    list(query) {
      const { builds, total } = state.history.list(query);
      return { builds: builds.map(build => current(state, build)), total };
    },
    get(buildId) {
      const { summary, request } = state.history.get(buildId);
      return { summary: current(state, summary), request };
    },
    async delete(buildId) {
      if (state.history.get(buildId).summary.status === 'running') {
        throw new AppError({ code: 'build-running', buildId });
      }
      await state.logReaders.release(state.buildDir(buildId));
      await rm(state.buildDir(buildId), { recursive: true, force: true });
      state.history.delete(buildId);
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

/** What this process knows of its own build is newer than the row. */
function current(state: State, summary: BuildSummary): BuildSummary {
  return state.live.get(summary.buildId)?.summary ?? summary;
}

/** Guards the file system: nothing but an id becomes part of a path. */
function knownBuildDir(state: State, buildId: string): string {
  if (!isBuildId(buildId)) throw new AppError({ code: 'build-missing', buildId });
  return state.buildDir(buildId);
}
