import { createStore, type StoreApi } from 'zustand/vanilla';
import type { SourceRange } from '../../shared/source-range.ts';
import type { Theme } from './theme.ts';

const surfaceNames = [
  'editor',
  'bases',
  'builds',
  'layers',
  'images',
  'storage',
  'settings',
] as const;
export type SurfaceName = (typeof surfaceNames)[number];

/** Where a surface is asked to go. It takes the target when it gets there (`take`), so that it goes there once. */
export interface Targets {
  readonly editor: { readonly range: SourceRange; readonly file?: string };
  readonly insertFrom: { readonly reference: string };
  readonly layers: { readonly reference: string; readonly layerIndex?: number };
  readonly builds: { readonly buildId: string; readonly stepId?: string };
}

export type Overlay = 'palette' | 'preflight' | 'shortcuts' | 'about' | 'host' | 'welcome';

export interface Ui {
  readonly surface: SurfaceName;
  readonly targets: Partial<Targets>;
  readonly overlay?: Overlay | undefined;
  readonly theme: Theme;
  readonly show: (surface: SurfaceName) => void;
  readonly aim: <T extends keyof Targets>(target: T, at: Targets[T]) => void;
  /** Gives the target and forgets it. */
  readonly take: <T extends keyof Targets>(target: T) => Targets[T] | undefined;
  readonly setOverlay: (overlay: Overlay | undefined) => void;
  readonly setTheme: (theme: Theme) => void;
}

const surfaceOf: { readonly [T in keyof Targets]: SurfaceName } = {
  editor: 'editor',
  insertFrom: 'editor',
  layers: 'layers',
  builds: 'builds',
};

/** What is shown where. Lives as long as the window; nothing in it is worth keeping. */
export function createUi(): StoreApi<Ui> {
  return createStore<Ui>()((set, get) => ({
    surface: 'editor',
    targets: {},
    theme: 'light',
    show: surface => set({ surface }),
    aim: (target, at) =>
      set({ surface: surfaceOf[target], targets: { ...get().targets, [target]: at } }),
    take(target) {
      const { [target]: taken, ...targets } = get().targets;
      if (taken !== undefined) set({ targets });
      return taken;
    },
    setOverlay: overlay => set({ overlay }),
    setTheme: theme => set({ theme }),
  }));
}
