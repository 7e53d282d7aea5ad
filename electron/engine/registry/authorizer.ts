import type { AppError } from '../../../shared/failure.ts';
import type { Purpose } from './answer-failure.ts';
import { parseChallenges } from './challenge.ts';
import { userOf, type CredentialSource } from './credentials.ts';
import type { RegistryAnswer, RegistryRequest, Send } from './exchange.ts';
import { knownCredential, type KnownCredential } from './known-credential.ts';
import { mergeScopes, splitScopes, type Scope } from './scopes.ts';
import { createTokenCache, type TokenCache } from './token-cache.ts';
import {
  basicAuthorization,
  requestToken,
  tokenServerOf,
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
  method:
    | { readonly kind: 'unknown' }
    | { readonly kind: 'basic' }
    | { readonly kind: 'bearer'; readonly server: TokenServer };
  readonly credential: KnownCredential;
  readonly tokens: TokenCache;
}

// The first 401 says how, the second that a token was too old.
const mostRenewals = 2;

export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  const acquaintances = new Map<string, Acquaintance>();

  function acquaintance(registry: string): Acquaintance {
    const known = acquaintances.get(registry);
    if (known !== undefined) return known;
    const credential = knownCredential(options.credentials, registry);
    const tokens = createTokenCache();
    const made: Acquaintance = { method: { kind: 'unknown' }, credential, tokens };
    acquaintances.set(registry, made);
    return made;
  }

  return {
    async send(errand, signal) {
      const known = acquaintance(errand.purpose.registry);
      let scopes = mergeScopes(errand.scopes);
      let header = await authorization(known, { ...errand, scopes }, options.send, signal);
      for (let renewals = 0; ; renewals++) {
        const answer = await options.send(withAuthorization(errand.request, header), signal);
        if (answer.status !== 401 || renewals === mostRenewals) return answer;
        try {
          scopes = mergeScopes([...scopes, ...learn(known, errand, answer, options.allowsHttp)]);
          if (header !== undefined) known.tokens.drop(scopes, header.replace(/^Bearer /, ''));
          const next = await authorization(known, { ...errand, scopes }, options.send, signal);
          // Nothing new to show: the answer stands.
          if (next === undefined || next === header) return answer;
          header = next;
        } catch (error) {
          await answer.discard();
          throw error;
        }
        await answer.discard();
      }
    },
    user: registry => userOf(acquaintances.get(registry)?.credential.latest()),
    credentialFailure: registry => acquaintances.get(registry)?.credential.failure(),
    forget: registry => void acquaintances.delete(registry),
  };
}

/** Takes from a 401 how the registry wants to be spoken to, and gives the scopes that it asks for. */
function learn(
  known: Acquaintance,
  { purpose, request }: Errand,
  answer: RegistryAnswer,
  allowsHttp: (host: string) => boolean,
): readonly Scope[] {
  const challenges = parseChallenges(answer.headers['www-authenticate']);
  const bearer = challenges.find(challenge => challenge.scheme === 'bearer');
  if (bearer !== undefined) {
    const from = { registry: purpose.registry, url: request.url };
    known.method = { kind: 'bearer', server: tokenServerOf(from, bearer, allowsHttp) };
    return splitScopes(bearer.parameters.get('scope'));
  }
  if (challenges.some(challenge => challenge.scheme === 'basic')) known.method = { kind: 'basic' };
  return [];
}

/** The `Authorization` for an errand; undefined while it is not known that one is needed, or where there is none. */
async function authorization(
  { method, credential, tokens }: Acquaintance,
  { purpose, scopes }: Errand,
  send: Send,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  if (method.kind === 'unknown') return undefined;
  const mine = await credential.get(signal);
  if (method.kind === 'basic')
    return mine?.kind === 'password' ? basicAuthorization(mine) : undefined;
  if (mine?.kind === 'registry-token') return `Bearer ${mine.token}`;
  const { server } = method;
  const user = userOf(mine);
  const wish = {
    scopes,
    credential: mine,
    purpose: user === undefined ? purpose : { ...purpose, user },
  };
  const request = async (shared: AbortSignal) => await requestToken(send, server, wish, shared);
  return `Bearer ${await tokens.get(scopes, request, signal)}`;
}

function withAuthorization(
  request: RegistryRequest,
  authorization: string | undefined,
): RegistryRequest {
  if (authorization === undefined) return request;
  return { ...request, headers: { ...request.headers, authorization } };
}
