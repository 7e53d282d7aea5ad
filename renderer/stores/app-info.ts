import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppInfo } from '../../shared/ipc/app-views.ts';
import type { Api, ConnectionState } from '../api/api.ts';
import { loading, settled, type Loadable } from './loadable.ts';

export interface AppInfoState {
  readonly info: Loadable<AppInfo>;
  readonly connection: ConnectionState;
  readonly refresh: () => Promise<void>;
}

/** What the host is. The size of the store in it changes with every build, so it is asked for again then. */
export function createAppInfo(api: Api): StoreApi<AppInfoState> {
  return createStore<AppInfoState>()(set => {
    async function refresh(): Promise<void> {
      set({ info: await settled(api.request('app.info', {})) });
    }
    const again = () => void refresh();
    api.on('images.changed', again);
    api.on('builds.changed', again);
    api.onConnection(connection => {
      set({ connection });
      if (connection === 'connected') again();
    });
    return { info: loading, connection: 'connected', refresh };
  });
}
