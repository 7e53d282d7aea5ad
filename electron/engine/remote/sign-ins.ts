import { AppError } from '../../../shared/failure.ts';
import type {
  Credential,
  CredentialSource,
  CredentialStore,
  SignedIn,
} from '../registry/credentials.ts';
import { firstCredential } from '../registry/credentials.ts';
import { dockerCredentials } from '../registry/docker-credentials.ts';
import { dockerCredentialsPlace, wordsOfPlace } from './credentials-place.ts';

/** Where a sign-in is or would be kept, in words that stand behind "kept in"; or why it is not kept. */
export type Keeping = { readonly kept: string } | { readonly refused: string };

/** Who is signed in where, whatever keeps it. */
export interface SignIns extends CredentialSource {
  list(signal?: AbortSignal): Promise<readonly (SignedIn & { readonly keptIn: string })[]>;
  keeping(registry: string): Promise<Keeping>;
  /** Gives where it is kept. Throws `sign-in-not-kept` where no safe place is there. */
  save(registry: string, credential: Credential, signal?: AbortSignal): Promise<string>;
  /** False where nobody was signed in. */
  erase(registry: string, signal?: AbortSignal): Promise<boolean>;
}

interface SignInOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The app's own place, sealed by the keychain; without one only Docker's places are left. */
  readonly secrets?: { readonly store: CredentialStore; readonly words: string };
  /** Whether a sign-in may be put where everybody who can read the file can read it, as `docker login` does. */
  readonly mayBeReadable: boolean;
}

/** Signs in to the keychain of the app where there is one, else where Docker would; finds what either has. */
export function createSignIns({ environment, secrets, mayBeReadable }: SignInOptions): SignIns {
  const docker = dockerCredentials(environment);
  const stores = secrets === undefined ? [docker] : [secrets.store, docker];

  async function keeping(registry: string): Promise<Keeping> {
    if (secrets !== undefined) return { kept: secrets.words };
    const place = await dockerCredentialsPlace(environment, registry);
    if (place.kind === 'helper' || mayBeReadable) return { kept: wordsOfPlace(place) };
    return {
      refused: `No keychain is at hand, and ${place.file} names no credential helper ("credsStore"): a password would lie there for everybody to read`,
    };
  }

  return {
    get: async (registry, signal) => await firstCredential(stores).get(registry, signal),
    keeping,
    async list(signal) {
      const found = new Map<string, SignedIn & { readonly keptIn: string }>();
      for (const each of await docker.list(signal)) {
        const keptIn = wordsOfPlace(await dockerCredentialsPlace(environment, each.registry));
        found.set(each.registry, { ...each, keptIn });
      }
      for (const each of (await secrets?.store.list(signal)) ?? []) {
        found.set(each.registry, { ...each, keptIn: secrets?.words ?? '' });
      }
      return [...found.values()];
    },
    async save(registry, credential, signal) {
      const place = await keeping(registry);
      if ('refused' in place) {
        throw new AppError({ code: 'sign-in-not-kept', registry, reason: place.refused });
      }
      await (secrets?.store ?? docker).save(registry, credential, signal);
      return place.kept;
    },
    async erase(registry, signal) {
      let erased = false;
      for (const store of stores) if (await store.erase(registry, signal)) erased = true;
      return erased;
    },
  };
}
