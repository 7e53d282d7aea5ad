import type { Stores } from '../stores/stores.ts';
import { resolveTheme } from '../stores/theme.ts';

const queries = {
  dark: '(prefers-color-scheme: dark)',
  contrast: '(prefers-contrast: more)',
  forced: '(forced-colors: active)',
} as const;

/** Keeps the page in the theme and text size that settings and system ask for. Gives a function that ends it. */
export function followTheme({ settings, ui }: Stores): () => void {
  const media = Object.values(queries).map(query => window.matchMedia(query));
  const apply = () => {
    const { theme: chosen, fontSize } = settings.getState().settings;
    const theme = resolveTheme(chosen, {
      dark: window.matchMedia(queries.dark).matches,
      moreContrast:
        window.matchMedia(queries.contrast).matches || window.matchMedia(queries.forced).matches,
    });
    document.documentElement.dataset['theme'] = theme;
    document.documentElement.style.setProperty('--font-size', `${fontSize}px`);
    if (ui.getState().theme !== theme) ui.getState().setTheme(theme);
  };
  apply();
  for (const list of media) list.addEventListener('change', apply);
  const unsubscribe = settings.subscribe(apply);
  return () => {
    for (const list of media) list.removeEventListener('change', apply);
    unsubscribe();
  };
}
