import { createContext, useContext, useEffect, useMemo, type ComponentType } from 'react';
import type { SourceRange } from '../../shared/source-range.ts';
import type { Api } from '../api/api.ts';
import type { Command } from '../stores/commands.ts';
import type { Stores } from '../stores/stores.ts';
import type { SurfaceName } from '../stores/ui.ts';

/** Ways from one surface to another; surfaces know nothing else of each other. */
export interface Navigate {
  readonly show: (surface: SurfaceName) => void;
  /** Shows a place in a file of the project, by default the one that is open. */
  readonly openEditorAt: (range: SourceRange, file?: string) => void;
  /** Shows an image's layers, and selects the one at `layerIndex` (base first, from 0). */
  readonly showLayers: (reference: string, layerIndex?: number) => void;
  readonly showBuild: (buildId: string, stepId?: string) => void;
  /** Puts `FROM reference` into the Dockerfile, in place of the FROM at the cursor or as the first one. */
  readonly insertFrom: (reference: string) => void;
}

/** What every surface gets. */
export interface App {
  readonly api: Api;
  readonly stores: Stores;
  readonly navigate: Navigate;
  readonly isMac: boolean;
}

/** A surface stays mounted once it was shown; `active` tells whether it is in view. */
export interface SurfaceProps {
  readonly active: boolean;
}

/** The surfaces, each loaded when it is shown for the first time. */
export type Surfaces = { readonly [S in SurfaceName]: ComponentType<SurfaceProps> };

const AppContext = createContext<App | undefined>(undefined);

export const AppProvider = AppContext.Provider;

/** The app around a component. Throws outside of an AppProvider, which is a bug. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('no AppProvider above this component');
  return app;
}

/** Offers commands as long as the component is mounted. `make` runs again when something in `deps` changes. */
export function useCommands(make: () => readonly Command[], deps: readonly unknown[]): void {
  const { stores } = useApp();
  // oxlint-disable-next-line react/exhaustive-deps -- the caller says what its commands depend on
  const commands = useMemo(make, deps);
  useEffect(() => stores.commands.getState().register(commands), [stores, commands]);
}
