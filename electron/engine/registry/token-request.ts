import { z } from 'zod';
import { AppError } from '../../../shared/failure.ts';
import { answerFailure, type Purpose } from './answer-failure.ts';
import type { Challenge } from './challenge.ts';
import type { Credential } from './credentials.ts';
import type { RegistryRequest, Send } from './exchange.ts';
import { shownUrl } from './hosts.ts';
import { readJsonAnswer } from './read-answer.ts';
import type { Scope } from './scopes.ts';

/** A bearer token and until when it may be used, in milliseconds since 1970. */
export interface Token {
  readonly value: string;
  readonly expires: number;
}

/** Where tokens come from: a Bearer challenge that was checked. */
export interface TokenServer {
  readonly realm: URL;
  readonly service: string | undefined;
}

const clientId = 'layerwright';
const answerLimit = 1024 * 1024;
// What distribution's token specification says where `expires_in` is left out.
const defaultLifetimeSeconds = 60;
// A token must still be good when the request arrives.
const safetySeconds = 10;

const tokenSchema = z.looseObject({
  token: z.string().optional(),
  access_token: z.string().optional(),
  expires_in: z.number().optional(),
});

/**
 * Checks the token server that a registry at `url` names: https, unless the registry itself has no TLS and `allowsHttp`
 * says that none is needed there. Throws `registry-insecure` or `registry-protocol`.
 */
export function tokenServerOf(
  { registry, url }: { readonly registry: string; readonly url: URL },
  challenge: Challenge,
  allowsHttp: (host: string) => boolean,
): TokenServer {
  const realm = challenge.parameters.get('realm') ?? '';
  const isWeb = URL.canParse(realm) && /^https?:$/.test(new URL(realm).protocol);
  if (!isWeb) {
    const problem = 'it asks for a token but names no server for it';
    throw new AppError({ code: 'registry-protocol', registry, url: shownUrl(url), problem });
  }
  const server = new URL(realm);
  server.username = '';
  server.password = '';
  const isSafe = server.protocol === 'https:' || (allowsHttp(url.host) && allowsHttp(server.host));
  if (!isSafe) {
    const problem = 'its token server has no TLS, so credentials are not sent there';
    throw new AppError({ code: 'registry-insecure', registry, url: shownUrl(server), problem });
  }
  return { realm: server, service: challenge.parameters.get('service') };
}

/** What a token is asked for, and by whom. */
export interface TokenWish {
  readonly scopes: readonly Scope[];
  readonly credential: Credential | undefined;
  readonly purpose: Purpose;
}

/**
 * Asks for a token: with GET (distribution, "Token Authentication Specification"), or with POST where the credential is a
 * refresh token ("Token Authentication Specification using OAuth2"). Throws what `answerFailure` gives.
 */
export async function requestToken(
  send: Send,
  server: TokenServer,
  wish: TokenWish,
  signal?: AbortSignal,
): Promise<Token> {
  const { purpose, credential } = wish;
  const asked = Date.now();
  const request =
    credential?.kind === 'identity-token'
      ? refreshRequest(server, wish, credential.token)
      : getRequest(server, wish);
  const answer = await send({ ...request, registry: purpose.registry }, signal);
  if (answer.status !== 200) throw await answerFailure(answer, purpose);
  const value = await readJsonAnswer(purpose.registry, answer, {
    schema: tokenSchema,
    limit: answerLimit,
  });
  const token = value.token || value.access_token || '';
  if (!/^[\x21-\x7e]+$/.test(token)) {
    const problem = 'the token server gave no token that can be sent';
    const url = shownUrl(answer.url);
    throw new AppError({ code: 'registry-protocol', registry: purpose.registry, url, problem });
  }
  const seconds = Math.max(value.expires_in ?? defaultLifetimeSeconds, 0);
  return { value: token, expires: asked + Math.max(seconds - safetySeconds, seconds / 2) * 1000 };
}

type TokenRequest = Omit<RegistryRequest, 'registry'>;

function getRequest(server: TokenServer, { scopes, credential }: TokenWish): TokenRequest {
  const url = new URL(server.realm);
  if (server.service !== undefined) url.searchParams.set('service', server.service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  url.searchParams.set('client_id', clientId);
  if (credential?.kind !== 'password') return { method: 'GET', url };
  url.searchParams.set('account', credential.username);
  return { method: 'GET', url, headers: { authorization: basicAuthorization(credential) } };
}

function refreshRequest(server: TokenServer, { scopes }: TokenWish, token: string): TokenRequest {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    service: server.service ?? '',
    client_id: clientId,
    scope: scopes.join(' '),
    refresh_token: token,
  });
  const content = Buffer.from(form.toString());
  return {
    method: 'POST',
    url: server.realm,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: {
      size: content.byteLength,
      async *open() {
        yield content;
      },
    },
  };
}

/** The `Authorization` of a user name and password (RFC 7617, in UTF-8). */
export function basicAuthorization(credential: Credential & { readonly kind: 'password' }): string {
  const pair = `${credential.username}:${credential.password}`;
  return `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
}
