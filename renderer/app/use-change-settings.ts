import { useCallback } from 'react';
import type { Settings } from '../../shared/ipc/app-views.ts';
import { useApp } from './context.tsx';

/** Changes settings, and tells when they could not be kept. */
export function useChangeSettings(): (part: Partial<Settings>) => void {
  const { stores } = useApp();
  return useCallback(
    part => {
      stores.settings
        .getState()
        .change(part)
        .catch((error: unknown) => {
          stores.notices.getState().tellError(error, 'The setting could not be kept');
        });
    },
    [stores],
  );
}
