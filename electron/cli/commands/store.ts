import { openStore, type Store } from '../../engine/content/store.ts';
import { openState, type State } from '../../engine/state/state.ts';
import type { CommandContext } from '../command.ts';

/** Opens the store for as long as `work` runs. */
export async function withStore<T>(
  { storeDir, signal }: CommandContext,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  await using store = await openStore(storeDir, signal);
  return await work(store);
}

/** Opens the store's history for as long as `work` runs. */
export async function withState<T>(
  { storeDir }: CommandContext,
  work: (state: State) => Promise<T>,
): Promise<T> {
  const state = openState(storeDir);
  try {
    return await work(state);
  } finally {
    await state.close();
  }
}
