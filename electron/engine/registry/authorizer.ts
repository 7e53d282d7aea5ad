import { AppError } from '../../../shared/failure.ts';
import { createSharedWork } from '../content/shared-work.ts';
import type { Purpose } from './answer-failure.ts';
import { parseChallenges, type Challenge } from './challenge.ts';
import { userOf, type Credential, type CredentialSource } from './credentials.ts';
import type { RegistryAnswer, RegistryRequest, Send } from './exchange.ts';
import { mergeScopes, splitScopes, type Scope } from './scopes.ts';
import {
  basicAuthorization,
  requestToken,
  tokenServerOf,
  type Token,
  type TokenServer,
} from './token-request.ts';

/** A request with what it needs to be allowed. */
export interface Errand {
  readonly request: RegistryRequest;
  readonly purpose: Purpose;
  readonly scopes: readonly Scope[];
}

/** Sends requests to registries with the credentials that they ask for, and only to them. */
export interface Authorizer {
  /** Gives the registry's last answer, also where that is 401. */
  send(errand: Errand, signal?: AbortSignal): Promise<RegistryAnswer>;
  /** Who a registry was last told that we are; undefined for nobody. */
  user(registry: string): string | undefined;
  /** Why there was no credential although there should have been one. */
  credentialFailure(registry: string): AppError | undefined;
  /** Forgets what was learned about a registry: somebody has signed in or out. */
  forget(registry: string): void;
}

export interface AuthorizerOptions {
  /** Retries, follows redirections. */
  readonly send: Send;
  readonly credentials: CredentialSource;
  readonly allowsHttp: (host: string) => boolean;
}

/** How a registry wants to be spoken to, and what we have for it. */
interface Acquaintance {
  method?: { readonly kind: 'basic' } | { readonly kind: 'bearer'; readonly server: TokenServer };
  /** Read once: helper programs are slow. */
  credential?: { readonly value: Credential | undefined };
  credentialFailure?: AppError;
  readonly tokens: Map<string, Token>;
}

// The first 401 says how, the second that a token was too old.
const mostRenewals = 2;
const mostTokens = 1000;

export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const acquaintances = new Map<string, Acquaintance>();
  const sharedTokens = createSharedWork<string, Token>();

  function acquaintance(registry: string): Acquaintance {
    const known = acquaintances.get(registry);
    if (known !== undefined) return known;
    const made: Acquaintance = { tokens: new Map() };
    acquaintances.set(registry, made);
    return made;
  }

  async function credentialOf(
    registry: string,
    signal: AbortSignal | undefined,
  ): Promise<Credential | undefined> {
    const known = acquaintance(registry);
    if (known.credential !== undefined) return known.credential.value;
    try {
      known.credential = { value: await options.credentials.get(registry, signal) };
      return known.credential.value;
    } catch (error) {
      const isForeseen = error instanceof AppError && error.failure.code !== 'cancelled';
      if (!isForeseen) throw error;
      // Much can be read by anybody, so a broken helper matters only where it is needed in the end.
      known.credentialFailure = error;
      return undefined;
    }
  }

  async function tokenFor(
    { purpose }: Errand,
    server: TokenServer,
    scopes: readonly Scope[],
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const { registry } = purpose;
    const { tokens } = acquaintance(registry);
    const key = scopes.join(' ');
    const kept = tokens.get(key);
    if (kept !== undefined && kept.expires > Date.now()) return kept.value;
    const credential = await credentialOf(registry, signal);
    if (credential?.kind === 'registry-token') return credential.token;
    const user = userOf(credential);
    const wish = {
      scopes,
      credential,
      purpose: user === undefined ? purpose : { ...purpose, user },
    };
    const token = await sharedTokens(
      `${registry} ${key}`,
      async shared => await requestToken(options.send, server, wish, shared),
      signal,
    );
    if (tokens.size >= mostTokens) tokens.clear();
    tokens.set(key, token);
    return token.value;
  }

  /** The `Authorization` for an errand; undefined while it is not known that one is needed, or where there is none. */
  async function authorization(
    errand: Errand,
    scopes: readonly Scope[],
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    const { registry } = errand.purpose;
    const { method } = acquaintance(registry);
    if (method === undefined) return undefined;
    if (method.kind === 'bearer') {
      return `Bearer ${await tokenFor(errand, method.server, scopes, signal)}`;
    }
    const credential = await credentialOf(registry, signal);
    return credential?.kind === 'password' ? basicAuthorization(credential) : undefined;
  }

  /** Learns from a 401. False where nothing new can be tried. */
  function learn(errand: Errand, answer: RegistryAnswer, tried: Tried): boolean {
    const known = acquaintance(errand.purpose.registry);
    const challenges = parseChallenges(answer.headers['www-authenticate']);
    const bearer = challenges.find(challenge => challenge.scheme === 'bearer');
    if (bearer !== undefined) {
      const from = { registry: errand.purpose.registry, url: errand.request.url };
      known.method = { kind: 'bearer', server: tokenServerOf(from, bearer, options.allowsHttp) };
      tried.scopes = mergeScopes([...tried.scopes, ...wantedScopes(bearer)]);
      const key = tried.scopes.join(' ');
      // Another request may have brought a new one in the meantime.
      if (tried.authorization === `Bearer ${known.tokens.get(key)?.value}`)
        known.tokens.delete(key);
      return true;
    }
    if (!challenges.some(challenge => challenge.scheme === 'basic')) return false;
    known.method = { kind: 'basic' };
    return tried.authorization === undefined;
  }

  return {
    async send(errand, signal) {
      const tried: Tried = { scopes: mergeScopes(errand.scopes) };
      for (let renewals = 0; ; renewals++) {
        const header = await authorization(errand, tried.scopes, signal);
        if (header === undefined) delete tried.authorization;
        else tried.authorization = header;
        const answer = await options.send(withAuthorization(errand.request, header), signal);
        if (answer.status !== 401 || renewals === mostRenewals) return answer;
        const before = tried.authorization;
        if (!learn(errand, answer, tried)) return answer;
        const next = await authorization(errand, tried.scopes, signal);
        if (next === undefined || next === before) return answer;
        await answer.discard();
      }
    },
    user: registry => userOf(acquaintances.get(registry)?.credential?.value),
    credentialFailure: registry => acquaintances.get(registry)?.credentialFailure,
    forget: registry => void acquaintances.delete(registry),
  };
}

interface Tried {
  scopes: readonly Scope[];
  authorization?: string;
}

function wantedScopes(challenge: Challenge): readonly Scope[] {
  return splitScopes(challenge.parameters.get('scope'));
}

function withAuthorization(
  request: RegistryRequest,
  authorization: string | undefined,
): RegistryRequest {
  if (authorization === undefined) return request;
  return { ...request, headers: { ...request.headers, authorization } };
}
