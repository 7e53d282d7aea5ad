import { useCallback, useSyncExternalStore } from 'react';

/** A window, or one that is enlarged, in which panes have no room side by side. The style sheets have the same bound. */
export const narrowWindow = '(width < 52rem)';

/** A window without room for panes one above the other. */
export const lowWindow = '(height < 30rem)';

/** Whether a media query holds, kept up to date. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
