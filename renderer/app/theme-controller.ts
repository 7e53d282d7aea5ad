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
    const root = document.documentElement;
    if (root.dataset['theme'] !== theme) changeAtOnce(root, theme);
    root.style.setProperty('--font-size', `${fontSize}px`);
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

/** A theme is there at once: a hundred colours that fade together would hold the page for a second. */
function changeAtOnce(root: HTMLElement, theme: string): void {
  root.classList.add('changes-theme');
  root.dataset['theme'] = theme;
  void root.offsetHeight;
  root.classList.remove('changes-theme');
}
