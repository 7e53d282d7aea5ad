import { AppError } from '../../../shared/failure.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { BuildPlanView } from '../../../shared/ipc/build-views.ts';
import type { PreflightView } from '../../../shared/ipc/preflight-views.ts';
import type { BuildArchive } from '../../engine/state/build-archive.ts';
import type { HandlersFor } from '../answer.ts';
import type { BuildsAnywhere } from '../builds-anywhere.ts';
import type { EventSink } from '../event-hub.ts';
import type { Grants } from '../grants.ts';

interface BuildParts {
  readonly plan: (request: BuildRequest, signal: AbortSignal) => Promise<BuildPlanView>;
  readonly preflight: (request: BuildRequest, signal: AbortSignal) => Promise<PreflightView>;
  /** They go on when the window that asked is gone. */
  readonly builds: Pick<BuildsAnywhere, 'start' | 'cancel'>;
  readonly archive: BuildArchive;
  readonly grants: Grants;
  readonly events: EventSink;
}

type BuildChannel =
  | 'build.plan'
  | 'build.preflight'
  | 'build.start'
  | 'build.cancel'
  | 'build.list'
  | 'build.get'
  | 'build.events'
  | 'build.delete'
  | LogChannel;
type LogChannel = 'build.log' | 'build.searchLog' | 'build.saveLog';

/** Builds, running and past. */
export function buildHandlers(parts: BuildParts): HandlersFor<BuildChannel> {
  const { archive, builds, events, grants } = parts;
  return {
    'build.plan': async (request, signal) => {
      await checkPaths(request, grants);
      return await parts.plan(request, signal);
    },
    'build.preflight': async (request, signal) => {
      await checkPaths(request, grants);
      return await parts.preflight(request, signal);
    },
    'build.start': async (request, signal) => {
      await checkPaths(request, grants);
      return { buildId: await builds.start(request, signal) };
    },
    'build.cancel': async ({ buildId }) => {
      await builds.cancel(buildId);
      return null;
    },
    'build.list': async query => archive.list(query),
    'build.get': async ({ buildId }) => archive.get(buildId),
    'build.events': async ({ buildId, fromSeq, limit }) =>
      await archive.eventsSince(buildId, fromSeq, limit),
    'build.delete': async ({ buildId }) => {
      await archive.delete(buildId);
      events.emit('builds.changed', null);
      return null;
    },
    ...logHandlers(parts),
  };
}

function logHandlers({ archive, grants }: BuildParts): HandlersFor<LogChannel> {
  return {
    'build.log': async ({ buildId, stepId, fromLine, count }) =>
      await archive.logs.page(buildId, { ...ofStep(stepId), fromLine, count }),
    'build.searchLog': async ({ buildId, stepId, ...query }, signal) =>
      await archive.logs.search(buildId, { ...ofStep(stepId), ...query }, signal),
    'build.saveLog': async ({ buildId, file }, signal) => {
      const place = await grants.check(file);
      return { file, lines: await archive.logs.saveTo(buildId, place, signal) };
    },
  };
}

function ofStep(stepId: string | undefined) {
  return stepId === undefined ? {} : { stepId };
}

/** A build reads and writes whole folders: only those that the user opened. */
export async function checkPaths(request: BuildRequest, grants: Grants): Promise<void> {
  for (const file of pathsOf(request)) {
    if (file === '-')
      throw new AppError({ code: 'bad-request', field: 'dockerfile', problem: 'must be a file' });
    await grants.check(file);
  }
}

/** The files and folders that a build is told to read and write. Contexts from the network are no paths. */
export function pathsOf(request: BuildRequest): readonly string[] {
  const { cacheFrom, cacheTo, contextDir, dockerfile, namedContexts, run } = request;
  const folders = Object.values(namedContexts).filter(context => !context.includes('://'));
  const secrets = Object.values(run.secrets).flatMap(source =>
    'file' in source ? [source.file] : [],
  );
  const caches = [...cacheFrom, ...cacheTo.map(({ place }) => place)].flatMap(place =>
    place.type === 'local' ? [place.dir] : [],
  );
  const files = dockerfile === undefined ? [] : [dockerfile];
  return [contextDir, ...files, ...folders, ...secrets, ...caches];
}
