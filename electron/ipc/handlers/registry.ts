import { familiarReference, parseReference } from '../../../shared/oci/reference.ts';
import { AppError } from '../../../shared/failure.ts';
import type { KeepingView, RegistriesView } from '../../../shared/ipc/registry-views.ts';
import type { Repository } from '../../engine/registry/registry-client.ts';
import type { Credential } from '../../engine/registry/credentials.ts';
import { mirrorName, registryName } from '../../engine/remote/connection-settings.ts';
import { describeRemoteTag, type DescribeParts } from '../../engine/remote/describe-tag.ts';
import type { JsonFile } from '../../engine/content/json-file.ts';
import type { NameLists } from '../../engine/remote/name-lists.ts';
import { readManifest } from '../../engine/remote/read-manifest.ts';
import {
  withFavourite,
  withoutRegistry,
  withRegistry,
  type SavedRegistries,
  type SavedRegistry,
} from '../../engine/remote/saved-registries.ts';
import type { SignIns } from '../../engine/remote/sign-ins.ts';
import type { HandlersFor } from '../answer.ts';
import type { EventSink } from '../event-hub.ts';
import type { Connections } from '../registries/connections.ts';

/** Asks a registry whether it answers, with settings or a credential that are not saved yet. */
export interface TryOut {
  registry(saved: SavedRegistry, signal: AbortSignal): Promise<void>;
  credential(registry: string, credential: Credential, signal: AbortSignal): Promise<void>;
}

export interface RegistryParts {
  readonly saved: JsonFile<SavedRegistries>;
  readonly signIns: SignIns;
  readonly connections: Connections;
  readonly lists: NameLists;
  readonly describing: Omit<DescribeParts, 'client'>;
  readonly tryOut: TryOut;
  readonly events: EventSink;
}

type RegistryChannel =
  | 'registry.list'
  | 'registry.add'
  | 'registry.remove'
  | 'registry.login'
  | 'registry.logout'
  | 'registry.setFavourite'
  | LookChannel;
type LookChannel =
  | 'registry.repositories'
  | 'registry.tags'
  | 'registry.describe'
  | 'registry.manifest';

/** Always in the list; Microsoft's bases are there. */
const builtIn = 'mcr.microsoft.com';

/** Registries, who is signed in to them, and what they hold. */
export function registryHandlers(parts: RegistryParts): HandlersFor<RegistryChannel> {
  const { connections, events, lists, saved, signIns, tryOut } = parts;

  async function changed(edit: (before: SavedRegistries) => SavedRegistries) {
    await saved.change(edit);
    return await tellChange();
  }

  async function tellChange(): Promise<RegistriesView> {
    connections.renew();
    lists.clear();
    events.emit('registries.changed', null);
    return await registriesView(parts);
  }

  return {
    'registry.list': async (_input, signal) => await registriesView(parts, signal),
    'registry.add': async ({ registry, insecure, mirror, unasked }, signal) => {
      const added = {
        registry: registryName(registry),
        insecure,
        ...(mirror === undefined ? {} : { mirror: mirrorName(mirror) }),
      };
      if (!unasked) await tryOut.registry(added, signal);
      return await changed(before => withRegistry(before, added));
    },
    'registry.remove': async ({ registry }) =>
      await changed(before => withoutRegistry(before, registry)),
    'registry.setFavourite': async ({ repository, favourite }) => {
      const name = repositoryName(repository);
      await saved.change(before => withFavourite(before, name, favourite));
      events.emit('registries.changed', null);
      return await registriesView(parts);
    },
    'registry.login': async ({ registry, user, password }, signal) => {
      const name = registryName(registry);
      const credential = { kind: 'password', username: user, password } as const;
      // A password that could not be kept is not sent anywhere.
      const keeping = await signIns.keeping(name);
      if ('refused' in keeping) {
        throw new AppError({ code: 'sign-in-not-kept', registry: name, reason: keeping.refused });
      }
      await tryOut.credential(name, credential, signal);
      const kept = await signIns.save(name, credential, signal);
      await tellChange();
      return { kept };
    },
    'registry.logout': async ({ registry }, signal) => {
      await signIns.erase(registryName(registry), signal);
      await tellChange();
      return null;
    },
    ...lookHandlers(parts),
  };
}

function lookHandlers(parts: RegistryParts): HandlersFor<LookChannel> {
  const { connections, describing, lists } = parts;
  return {
    'registry.repositories': async ({ registry, ...query }, signal) =>
      await connections.use(
        async ({ client }) =>
          await lists.repositories(client, registryName(registry), query, signal),
      ),
    'registry.tags': async ({ repository, ...query }, signal) =>
      await connections.use(
        async ({ client }) => await lists.tags(client, repositoryOf(repository), query, signal),
      ),
    'registry.describe': async ({ reference }, signal) =>
      await connections.use(
        async ({ client }) => await describeRemoteTag(reference, { ...describing, client }, signal),
      ),
    'registry.manifest': async ({ reference }, signal) =>
      await connections.use(async ({ client }) => await readManifest(reference, client, signal)),
  };
}

/** Helper programs that fail do not hide the registries: who is signed in is then just not known. */
async function registriesView(
  { saved, signIns }: RegistryParts,
  signal?: AbortSignal,
): Promise<RegistriesView> {
  const { registries, favourites } = await saved.read();
  const signedIn = await signIns.list(signal).catch((error: unknown) => {
    if (error instanceof AppError && error.failure.code === 'credentials-failed') return [];
    throw error;
  });
  const known: readonly SavedRegistry[] = registries.some(each => each.registry === builtIn)
    ? registries
    : [{ registry: builtIn, insecure: false }, ...registries];
  const views = known.map(async each => {
    const who = signedIn.find(({ registry }) => registry === each.registry);
    return {
      ...each,
      builtIn: each.registry === builtIn,
      ...(who === undefined ? {} : { user: who.username ?? '', credentialsIn: who.keptIn }),
      keeping: await keepingOf(signIns, each.registry),
    };
  });
  return {
    registries: await Promise.all(views),
    favourites,
    keeping: await keepingOf(signIns, ''),
  };
}

/** A configuration that cannot be read keeps nothing; what is wrong with it is the reason. */
async function keepingOf(signIns: SignIns, registry: string): Promise<KeepingView> {
  try {
    return await signIns.keeping(registry);
  } catch (error) {
    if (error instanceof AppError) return { refused: error.message };
    throw error;
  }
}

/** The repository of a reference without tag; one with a tag is taken for its repository. */
function repositoryOf(text: string): Repository {
  const { registry, repository } = parseReference(text);
  return { registry, repository };
}

function repositoryName(text: string): string {
  return familiarReference(repositoryOf(text));
}
