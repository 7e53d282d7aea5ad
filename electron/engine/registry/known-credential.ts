import { AppError } from '../../../shared/failure.ts';
import type { Credential, CredentialSource } from './credentials.ts';

/** The credential for one registry, looked up at most once: helper programs are slow. */
export interface KnownCredential {
  /** Undefined also where the lookup failed: much can be read by anybody. `failure` then says why. */
  get(signal?: AbortSignal): Promise<Credential | undefined>;
  /** What `get` gave last. */
  latest(): Credential | undefined;
  failure(): AppError | undefined;
}

export function knownCredential(source: CredentialSource, registry: string): KnownCredential {
  let found: { readonly credential: Credential | undefined } | undefined;
  let failure: AppError | undefined;
  return {
    async get(signal) {
      if (found !== undefined) return found.credential;
      try {
        found = { credential: await source.get(registry, signal) };
        return found.credential;
      } catch (error) {
        const isForeseen = error instanceof AppError && error.failure.code !== 'cancelled';
        if (!isForeseen) throw error;
        failure = error;
        return undefined;
      }
    },
    latest: () => found?.credential,
    failure: () => failure,
  };
}
