import path from 'node:path';
import type { Host } from '../../../shared/windows/host-compatibility.ts';
import type { Store } from '../../engine/content/store.ts';
import type { LayerIndexes } from '../../engine/layer/layer-indexes.ts';
import { singleCredential, type CredentialSource } from '../../engine/registry/credentials.ts';
import { connect, connectClient } from '../../engine/remote/connect.ts';
import { connectionSettings } from '../../engine/remote/connection-settings.ts';
import { createDocumentCache } from '../../engine/remote/document-cache.ts';
import { createNameLists } from '../../engine/remote/name-lists.ts';
import {
  savedRegistries,
  withRegistry,
  type SavedRegistries,
} from '../../engine/remote/saved-registries.ts';
import { secretCredentials, type SecretBox } from '../../engine/remote/secret-credentials.ts';
import { createSignIns } from '../../engine/remote/sign-ins.ts';
import type { EventSink } from '../event-hub.ts';
import type { RegistryParts } from '../handlers/registry.ts';
import { createConnections, type Connections } from './connections.ts';
import { createTransferManager, type TransferManager } from './transfer-manager.ts';

/** The keychain of the computer, where one can be used. */
export interface Keychain {
  readonly box: SecretBox;
  /** To stand behind "kept in": `the Windows keychain (DPAPI)`. */
  readonly words: string;
}

export interface RegistriesOptions {
  readonly storeDir: string;
  readonly store: Store;
  readonly indexes: LayerIndexes;
  readonly host: Host;
  readonly events: EventSink;
  readonly keychain?: Keychain | undefined;
}

/** All that the window's requests about registries and transfers work with. */
export interface Registries extends AsyncDisposable {
  readonly parts: RegistryParts;
  readonly connections: Connections;
  readonly transfers: TransferManager;
  /** Registries have changed: what they listed is asked for again. */
  forgetLists(): void;
}

const environment = process.env;

export function createRegistries(options: RegistriesOptions): Registries {
  const { events, host, indexes, keychain, store, storeDir } = options;
  const saved = savedRegistries(storeDir);
  const secretFile = path.join(storeDir, 'state', 'credentials.json');
  const signIns = createSignIns({
    environment,
    mayBeReadable: false,
    ...(keychain === undefined
      ? {}
      : {
          secrets: { store: secretCredentials(secretFile, keychain.box), words: keychain.words },
        }),
  });
  const connections = createConnections(async () => {
    const settings = connectionSettings(await saved.read(), environment);
    return connect({ store, indexes, settings, credentials: signIns, environment });
  });
  const transfers = createTransferManager(events);
  const lists = createNameLists();

  /** A request that costs nothing and is only answered to whoever may come in. */
  async function ping(
    registry: string,
    registries: SavedRegistries,
    credentials: CredentialSource,
    signal: AbortSignal,
  ): Promise<void> {
    const settings = connectionSettings(registries, environment);
    await using client = connectClient({ settings, credentials, environment });
    await client.ping(registry, signal);
  }

  return {
    connections,
    transfers,
    forgetLists() {
      lists.clear();
      events.emit('registries.changed', null);
    },
    parts: {
      saved,
      signIns,
      connections,
      lists,
      events,
      describing: { store: store.blobs, names: store.names, host, cache: createDocumentCache() },
      tryOut: {
        registry: async (added, signal) =>
          await ping(added.registry, withRegistry(await saved.read(), added), signIns, signal),
        credential: async (registry, credential, signal) =>
          await ping(registry, await saved.read(), singleCredential(registry, credential), signal),
      },
    },
    async [Symbol.asyncDispose]() {
      await transfers.close();
      await connections[Symbol.asyncDispose]();
    },
  };
}
