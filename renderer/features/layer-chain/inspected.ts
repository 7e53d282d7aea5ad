import type { ShownLayer } from './selection.ts';
import type { ChainState } from './use-chain-state.ts';

/** What every tab of the inspection gets. */
export interface Inspected {
  readonly selected: ShownLayer;
  readonly layers: readonly ShownLayer[];
  readonly state: ChainState;
}
