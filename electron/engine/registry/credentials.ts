/** What proves who one is to a registry. Never logged, never part of a failure. */
export type Credential =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** A refresh token of OAuth2, which the token server exchanges (Docker: `identitytoken`). */
  | { readonly kind: 'identity-token'; readonly token: string }
  /** A bearer token that is sent as it is (Docker: `registrytoken`). */
  | { readonly kind: 'registry-token'; readonly token: string };

/** Where the client looks for credentials. `registry` is the name in references: `docker.io`, `localhost:5000`. */
export interface CredentialSource {
  /** Throws `credentials-failed`. */
  get(registry: string, signal?: AbortSignal): Promise<Credential | undefined>;
}

/** A registry for which somebody is signed in; `username` is undefined where a token stands for it. */
export interface SignedIn {
  readonly registry: string;
  readonly username?: string;
}

/** Where credentials are kept. */
export interface CredentialStore extends CredentialSource {
  save(registry: string, credential: Credential, signal?: AbortSignal): Promise<void>;
  /** False where there was nothing to erase. */
  erase(registry: string, signal?: AbortSignal): Promise<boolean>;
  list(signal?: AbortSignal): Promise<readonly SignedIn[]>;
}

/** Who a credential belongs to, as far as one may say it. */
export function userOf(credential: Credential | undefined): string | undefined {
  if (credential === undefined) return undefined;
  return credential.kind === 'password' ? credential.username : 'a token';
}

/** One credential for one registry: to try it before it is saved. */
export function singleCredential(registry: string, credential: Credential): CredentialSource {
  return {
    get: async asked => (asked === registry ? credential : undefined),
  };
}

/** The first source that has a credential decides. */
export function firstCredential(sources: readonly CredentialSource[]): CredentialSource {
  return {
    async get(registry, signal) {
      for (const source of sources) {
        const credential = await source.get(registry, signal);
        if (credential !== undefined) return credential;
      }
      return undefined;
    },
  };
}
