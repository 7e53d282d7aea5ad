import { AppError, failureOf } from '../../../shared/failure.ts';
import type { BuildEvent, BuildEventBody, BuildResult } from '../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import { createBuildRecorder, type BuildRecorder } from './build-recorder.ts';
import type { State } from './state.ts';

/** One build as the manager asks for it. */
export interface BuildRun {
  readonly buildId: string;
  readonly request: BuildRequest;
  /** Tells what happens, in order. Throws where it cannot be recorded: the build must then end. */
  readonly emit: (event: BuildEventBody) => void;
  readonly signal: AbortSignal;
}

/** What builds (electron/engine/build). It may emit the closing event itself; otherwise the manager does. */
export type RunBuild = (run: BuildRun) => Promise<BuildResult>;

/** Is told every event of every build of this process, after it was recorded. It must not throw. */
export type BuildListener = (buildId: string, event: BuildEvent) => void;

/** Runs builds, records them in the state, and tells what happens. */
export interface BuildManager {
  /** Starts a build and returns its id at once. Throws AppError where it cannot be recorded. */
  start(request: BuildRequest): string;
  /** Asks a build of this process to stop; `settled` tells when it has. False where there is no such build. */
  cancel(buildId: string): boolean;
  /** Waits until the build has ended, in whatever way. */
  settled(buildId: string): Promise<BuildSummary>;
  /** Returns how to unsubscribe. */
  subscribe(listener: BuildListener): () => void;
  /** Cancels what runs, and waits for it. */
  close(): Promise<void>;
}

export function createBuildManager(state: State, runBuild: RunBuild): BuildManager {
  const listeners = new Set<BuildListener>();
  const tell: BuildListener = (buildId, event) => {
    for (const listener of listeners) listener(buildId, event);
  };
  return {
    start: request => start(state, request, runBuild, tell),
    cancel(buildId) {
      const live = state.live.get(buildId);
      live?.cancel();
      return live !== undefined;
    },
    settled: async buildId =>
      (await state.live.get(buildId)?.settled) ?? state.history.get(buildId).summary,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      const running = [...state.live.values()];
      for (const live of running) live.cancel();
      await Promise.all(running.map(live => live.settled));
    },
  };
}

function start(
  state: State,
  request: BuildRequest,
  runBuild: RunBuild,
  tell: BuildListener,
): string {
  const recorder = createBuildRecorder(state, request);
  const { buildId } = recorder.summary;
  const controller = new AbortController();
  let unrecordable: unknown;
  const emit = (body: BuildEventBody): void => {
    try {
      tell(buildId, recorder.record(body));
    } catch (error) {
      // Also where the build takes no notice of the exception: it must not go on unrecorded.
      unrecordable ??= error;
      controller.abort(error);
      throw error;
    }
  };
  // In a later turn, so that whoever starts a build knows its id before the first event.
  const begun = Promise.resolve().then(async () => {
    try {
      return await runBuild({ buildId, request, emit, signal: controller.signal });
    } catch (error) {
      // What such a build says then is only that it was told to stop.
      throw unrecordable ?? error;
    }
  });
  const settled = end(begun, recorder, tell).finally(() => state.live.delete(buildId));
  state.live.set(buildId, {
    get summary() {
      return recorder.summary;
    },
    cancel: () => controller.abort(new AppError({ code: 'cancelled' })),
    flush: () => recorder.flush(),
    settled,
  });
  return buildId;
}

/** Closes the record of a build: with the event that it gave, or with the one that its outcome means. */
async function end(
  begun: Promise<BuildResult>,
  recorder: BuildRecorder,
  tell: BuildListener,
): Promise<BuildSummary> {
  const outcome = await begun.then(
    (result): BuildEventBody => ({ kind: 'build-finished', result }),
    (error: unknown): BuildEventBody => ({ kind: 'build-failed', failure: failureOf(error) }),
  );
  const closing = recorder.close(outcome);
  if (closing !== undefined) tell(recorder.summary.buildId, closing);
  return recorder.summary;
}
