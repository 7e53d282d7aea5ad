import { createSharedWork } from '../content/shared-work.ts';
import type { Scope } from './scopes.ts';
import type { Token } from './token-request.ts';

/** The tokens that one registry has been given, until they expire. Equal wishes at the same time are asked for once. */
export interface TokenCache {
  get(
    scopes: readonly Scope[],
    request: (signal: AbortSignal) => Promise<Token>,
    signal?: AbortSignal,
  ): Promise<string>;
  /** To be called when the registry has refused a token. */
  drop(scopes: readonly Scope[], value: string): void;
}

const mostTokens = 1000;

/** `scopes` are merged ones: equal rights are equal texts. */
export function createTokenCache(): TokenCache {
  const tokens = new Map<string, Token>();
  const shared = createSharedWork<string, Token>();
  return {
    async get(scopes, request, signal) {
      const key = scopes.join(' ');
      const kept = tokens.get(key);
      if (kept !== undefined && kept.expires > Date.now()) return kept.value;
      const token = await shared(key, request, signal);
      if (tokens.size >= mostTokens) tokens.clear();
      tokens.set(key, token);
      return token.value;
    },
    drop(scopes, value) {
      const key = scopes.join(' ');
      // Another request may have brought a new one in the meantime.
      if (tokens.get(key)?.value === value) tokens.delete(key);
    },
  };
}
