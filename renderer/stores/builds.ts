import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BuildEvent } from '../../shared/ipc/build-events.ts';
import type { BuildRequestInput } from '../../shared/ipc/build-request.ts';
import type { BuildDetail, BuildSummary } from '../../shared/ipc/build-views.ts';
import type { Api } from '../api/api.ts';
import { foldEvents, newBuildView, type BuildView } from './build-view.ts';
import { loading, settled, valueOr, type Loadable } from './loadable.ts';

export interface Builds {
  /** Newest first, as far as they were asked for. */
  readonly list: Loadable<readonly BuildSummary[]>;
  readonly total: number;
  readonly search: string;
  /** Builds whose events are followed, by build. */
  readonly views: ReadonlyMap<string, BuildView>;
  readonly details: ReadonlyMap<string, BuildDetail>;
  /** The build that was started or opened last. */
  readonly currentId?: string;
  readonly refresh: () => Promise<void>;
  /** Asks for older builds, up to `count` in all. */
  readonly more: (count: number) => Promise<void>;
  readonly setSearch: (search: string) => Promise<void>;
  /** Starts a build and follows it. Gives its buildId. */
  readonly start: (request: BuildRequestInput) => Promise<string>;
  readonly cancel: (buildId: string) => Promise<void>;
  /** Reads all events of a build so far and follows it from there; does nothing where it is followed already. */
  readonly follow: (buildId: string) => Promise<void>;
  readonly setCurrent: (buildId: string) => void;
}

const firstPage = 100;

/** Builds, running and past. Their state is the host's; here their events are only folded. */
export function createBuilds(api: Api): StoreApi<Builds> {
  return createStore<Builds>()((set, get) => {
    const followed = new Map<string, Promise<void>>();
    /** Events that came while earlier ones were still being read. */
    const early = new Map<string, BuildEvent[]>();
    let listed = firstPage;

    function put(view: BuildView): void {
      set({ views: new Map(get().views).set(view.buildId, view) });
    }

    function fold(buildId: string, events: readonly BuildEvent[]): void {
      const view = get().views.get(buildId);
      if (view !== undefined) put(foldEvents(view, events));
    }

    async function refresh(): Promise<void> {
      const { search } = get();
      const input = { limit: listed, ...(search === '' ? {} : { search }) };
      const page = await settled(api.request('build.list', input));
      if (get().search !== search) return;
      if (page.kind === 'ready')
        set({ list: { ...page, value: page.value.builds }, total: page.value.total });
      else set({ list: page });
      await followRunning();
    }

    /** A window that was reloaded finds the builds that went on without it. */
    async function followRunning(): Promise<void> {
      const running = valueOr(get().list, []).filter(build => build.status === 'running');
      await Promise.all(running.map(build => settled(follow(build.buildId))));
      const [newest] = running;
      if (get().currentId === undefined && newest) set({ currentId: newest.buildId });
    }

    function follow(buildId: string): Promise<void> {
      const going = followed.get(buildId);
      if (going !== undefined) return going;
      const reading = readSoFar(buildId).catch((error: unknown) => {
        followed.delete(buildId);
        throw error;
      });
      followed.set(buildId, reading);
      return reading;
    }

    async function readSoFar(buildId: string): Promise<void> {
      early.set(buildId, []);
      try {
        const detail = await api.request('build.get', { buildId });
        set({ details: new Map(get().details).set(buildId, detail) });
        put(get().views.get(buildId) ?? newBuildView(detail.summary));
        await readPages(buildId);
        fold(buildId, early.get(buildId) ?? []);
        settleStatus(detail.summary);
      } finally {
        early.delete(buildId);
      }
    }

    async function readPages(buildId: string): Promise<void> {
      for (let fromSeq = get().views.get(buildId)?.nextSeq ?? 0; ;) {
        const { events, nextSeq } = await api.request('build.events', { buildId, fromSeq });
        fold(buildId, events);
        if (nextSeq <= fromSeq) return;
        fromSeq = nextSeq;
      }
    }

    /** A build whose process died has no last event, so only its record knows how it ended. */
    function settleStatus(summary: BuildSummary): void {
      const view = get().views.get(summary.buildId);
      if (summary.status === 'interrupted' && view?.status === 'running') {
        put({ ...view, status: 'interrupted' });
      }
    }

    api.on('build.events', ({ buildId, events }) => {
      const waiting = early.get(buildId);
      if (waiting !== undefined) waiting.push(...events);
      else fold(buildId, events);
    });
    api.on('builds.changed', () => void refresh());
    api.onConnection(state => {
      if (state !== 'connected') return;
      followed.clear();
      void refresh();
    });

    return {
      list: loading,
      total: 0,
      search: '',
      views: new Map(),
      details: new Map(),
      refresh,
      async more(count) {
        listed = Math.max(listed, Math.min(count, 5000));
        await refresh();
      },
      async setSearch(search) {
        set({ search });
        await refresh();
      },
      async start(request) {
        const { buildId } = await api.request('build.start', request);
        set({ currentId: buildId });
        await follow(buildId);
        return buildId;
      },
      async cancel(buildId) {
        await api.request('build.cancel', { buildId });
      },
      follow,
      setCurrent: currentId => set({ currentId }),
    };
  });
}

/** The build that runs now, the one started last where there are several. */
export function runningBuild(builds: Builds): BuildView | undefined {
  const running = [...builds.views.values()].filter(view => view.status === 'running');
  return running.find(view => view.buildId === builds.currentId) ?? running.at(-1);
}
