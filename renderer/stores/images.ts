import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ImageSummary } from '../../shared/ipc/image-views.ts';
import type { Api } from '../api/api.ts';
import { loading, settled, type Loadable } from './loadable.ts';

export interface Images {
  readonly images: Loadable<readonly ImageSummary[]>;
  readonly refresh: () => Promise<void>;
}

/** The images of the store. It follows `images.changed`. */
export function createImages(api: Api): StoreApi<Images> {
  return createStore<Images>()(set => {
    async function refresh(): Promise<void> {
      set({ images: await settled(api.request('image.list', {})) });
    }
    api.on('images.changed', () => void refresh());
    api.onConnection(state => state === 'connected' && void refresh());
    return { images: loading, refresh };
  });
}
