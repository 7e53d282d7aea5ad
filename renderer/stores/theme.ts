import type { Settings } from '../../shared/ipc/app-views.ts';

/** The theme that is drawn; also the name of the editor's theme (`vs`, `vs-dark`, `hc-light`, `hc-black` are Monaco's own). */
export type Theme = 'light' | 'dark' | 'hc-light' | 'hc-dark';

/** What the system prefers (media queries prefers-color-scheme, prefers-contrast, forced-colors). */
export interface SystemLook {
  readonly dark: boolean;
  readonly moreContrast: boolean;
}

/** Chooses the theme: more contrast is kept whatever brightness was chosen, since someone needs it. */
export function resolveTheme(chosen: Settings['theme'], system: SystemLook): Theme {
  const dark = chosen === 'dark' || (chosen !== 'light' && system.dark);
  const contrast = chosen === 'high-contrast' || system.moreContrast;
  if (contrast) return dark ? 'hc-dark' : 'hc-light';
  return dark ? 'dark' : 'light';
}
