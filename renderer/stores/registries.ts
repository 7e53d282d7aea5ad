import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RegistriesView } from '../../shared/ipc/registry-views.ts';
import type { Api } from '../api/api.ts';
import { loading, settled, type Loadable } from './loadable.ts';

export interface RegistriesState {
  readonly registries: Loadable<RegistriesView>;
  /** Grows whenever registries may answer otherwise than before: what they were asked is then asked again. */
  readonly version: number;
  readonly refresh: () => Promise<void>;
}

/** The registries that the user has, who is signed in, and the favourites. It follows `registries.changed`. */
export function createRegistries(api: Api): StoreApi<RegistriesState> {
  return createStore<RegistriesState>()((set, get) => {
    async function refresh(): Promise<void> {
      set({ registries: await settled(api.request('registry.list', {})) });
    }
    api.on('registries.changed', () => {
      set({ version: get().version + 1 });
      void refresh();
    });
    api.onConnection(state => state === 'connected' && void refresh());
    return { registries: loading, version: 0, refresh };
  });
}
