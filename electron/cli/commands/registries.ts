import type { Store } from '../../engine/content/store.ts';
import { createLayerIndexes } from '../../engine/layer/layer-indexes.ts';
import { connect, type Connection } from '../../engine/remote/connect.ts';
import {
  connectionSettings,
  type ConnectionFlags,
} from '../../engine/remote/connection-settings.ts';
import { savedRegistries } from '../../engine/remote/saved-registries.ts';
import { createSignIns, type SignIns } from '../../engine/remote/sign-ins.ts';
import type { CommandContext } from '../command.ts';
import { withStore } from './store.ts';

/** The store, and registries as flags, environment and the app's settings say. */
export interface Connected extends Pick<Connection, 'client' | 'transfers'> {
  readonly store: Store;
}

/** Opens the store and a connection to registries for as long as `work` runs. */
export async function withRegistries<T>(
  context: CommandContext,
  flags: ConnectionFlags,
  work: (connected: Connected) => Promise<T>,
): Promise<T> {
  return await withStore(context, async store => {
    await using connection = await connectStore(context, store, flags);
    return await work({ store, client: connection.client, transfers: connection.transfers });
  });
}

/** Connects a store that is open. */
export async function connectStore(
  { environment, storeDir }: CommandContext,
  store: Store,
  flags: ConnectionFlags,
): Promise<Connection> {
  return connect({
    store,
    indexes: createLayerIndexes(storeDir, store.blobs),
    settings: connectionSettings(await savedRegistries(storeDir).read(), environment, flags),
    credentials: signInsOf(environment),
    environment,
  });
}

/** As `docker login` has it: a helper program where one is set up, else the file. */
export function signInsOf(environment: CommandContext['environment']): SignIns {
  return createSignIns({ environment, mayBeReadable: true });
}
