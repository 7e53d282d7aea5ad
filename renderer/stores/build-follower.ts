import type { BuildEvent } from '../../shared/ipc/build-events.ts';
import type { BuildDetail, BuildSummary } from '../../shared/ipc/build-views.ts';
import type { Api } from '../api/api.ts';
import { foldEvents, newBuildView, type BuildView } from './build-view.ts';

/** Where the follower keeps what it knows. */
export interface BuildViews {
  view(buildId: string): BuildView | undefined;
  put(view: BuildView): void;
  putDetail(detail: BuildDetail): void;
}

export interface BuildFollower {
  /** Reads all events of a build so far, and goes on with those that are told. Throws what the host answered. */
  readonly follow: (buildId: string) => Promise<void>;
  /** Forgets what is followed, since events were missed; views stay, and go on where they are when followed again. */
  readonly startAnew: () => void;
}

/** Keeps views of builds up to date, in a window that may have come or come back in the middle of a build. */
export function createBuildFollower(api: Api, views: BuildViews): BuildFollower {
  const followed = new Map<string, Promise<void>>();
  /** Events that came while earlier ones were still being read. */
  const early = new Map<string, BuildEvent[]>();

  function fold(buildId: string, events: readonly BuildEvent[]): void {
    const view = views.view(buildId);
    if (view !== undefined) views.put(foldEvents(view, events));
  }

  async function readSoFar(buildId: string): Promise<void> {
    early.set(buildId, []);
    try {
      const detail = await api.request('build.get', { buildId });
      views.putDetail(detail);
      views.put(views.view(buildId) ?? newBuildView(detail.summary));
      await readPages(buildId);
      fold(buildId, early.get(buildId) ?? []);
      settleInterrupted(detail.summary);
    } finally {
      early.delete(buildId);
    }
  }

  async function readPages(buildId: string): Promise<void> {
    for (let fromSeq = views.view(buildId)?.nextSeq ?? 0; ;) {
      const { events, nextSeq } = await api.request('build.events', { buildId, fromSeq });
      fold(buildId, events);
      if (nextSeq <= fromSeq) return;
      fromSeq = nextSeq;
    }
  }

  /** A build whose process died has no last event, so only its record knows how it ended. */
  function settleInterrupted({ buildId, status }: BuildSummary): void {
    const view = views.view(buildId);
    if (status === 'interrupted' && view?.status === 'running') views.put({ ...view, status });
  }

  api.on('build.events', ({ buildId, events }) => {
    const waiting = early.get(buildId);
    if (waiting !== undefined) waiting.push(...events);
    else fold(buildId, events);
  });

  return {
    follow(buildId) {
      const going = followed.get(buildId);
      if (going !== undefined) return going;
      const reading = readSoFar(buildId).catch((error: unknown) => {
        followed.delete(buildId);
        throw error;
      });
      followed.set(buildId, reading);
      return reading;
    },
    startAnew: () => followed.clear(),
  };
}
