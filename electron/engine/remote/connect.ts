import type { Store } from '../content/store.ts';
import type { LayerIndexes } from '../layer/layer-indexes.ts';
import { createRegistryClient } from '../registry/client.ts';
import type { CredentialSource } from '../registry/credentials.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import { createTransfers } from '../transfer/create-transfers.ts';
import type { Transfers } from '../transfer/transfers.ts';
import type { ConnectionSettings } from './connection-settings.ts';

/** Registries as the user has set them up, and what moves between them and the store. */
export interface Connection extends AsyncDisposable {
  readonly client: RegistryClient;
  readonly transfers: Transfers;
}

export interface ConnectOptions {
  readonly store: Store;
  readonly indexes: LayerIndexes;
  readonly settings: ConnectionSettings;
  readonly credentials: CredentialSource;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Makes a connection; nothing is asked before it is used. */
export function connect({ store, indexes, ...options }: ConnectOptions): Connection {
  const client = connectClient(options);
  return {
    client,
    transfers: createTransfers({ client, store, indexes }),
    [Symbol.asyncDispose]: async () => await client[Symbol.asyncDispose](),
  };
}

/** Only the client: to try credentials and settings before they are saved. */
export function connectClient({
  settings,
  credentials,
  environment,
}: Omit<ConnectOptions, 'store' | 'indexes'>): RegistryClient {
  return createRegistryClient({
    credentials,
    environment,
    insecureRegistries: [...settings.insecure],
    mirrors: settings.mirrors,
  });
}
