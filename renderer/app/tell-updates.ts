import type { App } from './context.tsx';

/** Says once that a newer version is there, whatever surface is shown. Gives a function that ends it. */
export function tellUpdates({ api, stores, navigate }: App): () => void {
  let told: string | undefined;
  return api.on('update.changed', view => {
    if (view.kind !== 'available' || view.version === told) return;
    told = view.version;
    stores.notices.getState().tell({
      tone: 'info',
      message: `Layerwright ${view.version} can be downloaded.`,
      action: { label: 'Show', run: () => navigate.show('settings') },
    });
  });
}
