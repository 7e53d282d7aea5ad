import { useCallback } from 'react';
import { useStore } from 'zustand';
import type { Settings } from '../../../shared/ipc/app-views.ts';
import { useApp } from '../context.tsx';

type Sizes = Settings['paneSizes'][string];

/** The sizes that the panes of a layout were given, from one start of the app to the next. For a SplitPane. */
export function usePaneSizes(layout: string): {
  readonly sizes: Sizes | undefined;
  readonly onSizes: (sizes: Sizes) => void;
} {
  const { stores } = useApp();
  const sizes = useStore(stores.settings, ({ settings }) => settings.paneSizes[layout]);
  const onSizes = useCallback(
    (next: Sizes) => {
      const { settings, change } = stores.settings.getState();
      change({ paneSizes: { ...settings.paneSizes, [layout]: next } }).catch((error: unknown) =>
        stores.notices.getState().tellError(error, 'The sizes of the panes could not be kept'),
      );
    },
    [stores, layout],
  );
  return { sizes, onSizes };
}
