import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BuildRequestInput } from '../../shared/ipc/build-request.ts';
import type { BuildDetail, BuildStatus, BuildSummary } from '../../shared/ipc/build-views.ts';
import type { Api } from '../api/api.ts';
import { createBuildFollower, type BuildViews } from './build-follower.ts';
import type { BuildView } from './build-view.ts';
import { loading, settled, valueOr, type Loadable } from './loadable.ts';

/** Which builds are listed; without a field, all. */
export interface BuildFilter {
  readonly status?: BuildStatus;
  readonly contextDir?: string;
  /** Those that began in the last so many days. */
  readonly days?: number;
}

export interface Builds {
  /** Newest first, as far as they were asked for. */
  readonly list: Loadable<readonly BuildSummary[]>;
  readonly total: number;
  readonly search: string;
  /** What else the list is narrowed by. */
  readonly filter: BuildFilter;
  /** Builds whose events are followed, by build. */
  readonly views: ReadonlyMap<string, BuildView>;
  readonly details: ReadonlyMap<string, BuildDetail>;
  /** The build that was started or opened last. */
  readonly currentId?: string;
  readonly refresh: () => Promise<void>;
  /** Asks for older builds, up to `count` in all. */
  readonly more: (count: number) => Promise<void>;
  readonly setSearch: (search: string) => Promise<void>;
  readonly setFilter: (filter: BuildFilter) => Promise<void>;
  /** Starts a build and follows it. Gives its buildId. */
  readonly start: (request: BuildRequestInput) => Promise<string>;
  readonly cancel: (buildId: string) => Promise<void>;
  /** Reads all events of a build so far and follows it from there; does nothing where it is followed already. */
  readonly follow: (buildId: string) => Promise<void>;
  readonly setCurrent: (buildId: string) => void;
}

const dayMs = 86_400_000;
const firstPage = 100;
const mostListed = 5000;

type Set = (part: Partial<Builds>) => void;
type Get = () => Builds;

/** Builds, running and past. Their state is the host's; here their events are only folded. */
export function createBuilds(api: Api): StoreApi<Builds> {
  return createStore<Builds>()((set, get) => {
    const follower = createBuildFollower(api, viewsIn(set, get));
    const list = listActions(api, follower.follow, { set, get });
    api.on('builds.changed', () => void list.refresh());
    api.onConnection(state => {
      if (state !== 'connected') return;
      follower.startAnew();
      void list.refresh();
    });
    return {
      list: loading,
      total: 0,
      search: '',
      filter: {},
      views: new Map(),
      details: new Map(),
      ...list,
      async start(request) {
        const { buildId } = await api.request('build.start', request);
        set({ currentId: buildId });
        await follower.follow(buildId);
        return buildId;
      },
      async cancel(buildId) {
        await api.request('build.cancel', { buildId });
      },
      follow: follower.follow,
      setCurrent: currentId => set({ currentId }),
    };
  });
}

function viewsIn(set: Set, get: Get): BuildViews {
  return {
    view: buildId => get().views.get(buildId),
    put: view => set({ views: new Map(get().views).set(view.buildId, view) }),
    putDetail: detail =>
      set({ details: new Map(get().details).set(detail.summary.buildId, detail) }),
  };
}

function listActions(
  api: Api,
  follow: (buildId: string) => Promise<void>,
  { set, get }: { readonly set: Set; readonly get: Get },
) {
  let wanted = firstPage;

  async function refresh(): Promise<void> {
    const { search, filter } = get();
    const page = await settled(
      api.request('build.list', {
        limit: wanted,
        ...(search === '' ? {} : { search }),
        ...(filter.status === undefined ? {} : { status: [filter.status] }),
        ...(filter.contextDir === undefined ? {} : { contextDir: filter.contextDir }),
        ...(filter.days === undefined ? {} : { from: Date.now() - filter.days * dayMs }),
      }),
    );
    // An answer to an earlier search would show the wrong builds.
    if (get().search !== search || get().filter !== filter) return;
    if (page.kind === 'ready') {
      set({ list: { kind: 'ready', value: page.value.builds }, total: page.value.total });
    } else set({ list: page });
    await followRunning();
  }

  /** A window that was reloaded finds the builds that went on without it. */
  async function followRunning(): Promise<void> {
    const running = valueOr(get().list, []).filter(build => build.status === 'running');
    await Promise.all(running.map(build => settled(follow(build.buildId))));
    const [newest] = running;
    if (get().currentId === undefined && newest) set({ currentId: newest.buildId });
  }

  return {
    refresh,
    async more(count: number) {
      wanted = Math.max(wanted, Math.min(count, mostListed));
      await refresh();
    },
    async setFilter(filter: BuildFilter) {
      set({ filter });
      await refresh();
    },
    async setSearch(search: string) {
      set({ search });
      await refresh();
    },
  };
}

/** The build that runs now, the one started last where there are several. */
export function runningBuild(builds: Builds): BuildView | undefined {
  const running = [...builds.views.values()].filter(view => view.status === 'running');
  return running.find(view => view.buildId === builds.currentId) ?? running.at(-1);
}
