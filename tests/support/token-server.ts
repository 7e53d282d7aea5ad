import { createPrivateKey, randomUUID, sign, X509Certificate, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, listenOnLoopback } from './loopback.ts';
import { selfSigned } from './test-authority.ts';

/** The only account that the test registries know. */
export const tester = { username: 'tester', password: 'open sesame' } as const;

/** One request for a token. */
export interface TokenRequest {
  readonly method: string;
  readonly service: string;
  readonly scopes: readonly string[];
  readonly clientId: string;
  /** How the asker proved who it is. */
  readonly proof: 'none' | 'basic' | 'password' | 'refresh-token';
  readonly granted: boolean;
}

/** What a test may change while the server runs. */
export interface TokenBehaviour {
  /** How long tokens live, in seconds. docker-registry accepts a token 60 s longer: -120 makes it refuse. */
  lifetimeSeconds: number;
  /** How many of the coming tokens are out of date already, whatever `expires_in` says. */
  expiredTokens: number;
  /** Whether OAuth2's POST is understood; otherwise 404, as with old token servers. */
  oauth: boolean;
  /** What unknown askers may do. */
  anonymousActions: readonly string[];
}

/** A token server as the distribution project's token specification describes it (spec/auth/{token,oauth,jwt}). */
export interface TokenServer extends AsyncDisposable {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** The certificate against which a registry checks the tokens. */
  readonly certFile: string;
  readonly requests: readonly TokenRequest[];
  readonly behaviour: TokenBehaviour;
}

const issuer = 'layerwright-test-tokens';
const service = 'layerwright-test-registry';

/** Starts a token server on a free port of 127.0.0.1; its key is made in `dir`. */
export async function startTokenServer(dir: string): Promise<TokenServer> {
  const { certFile, keyFile } = await selfSigned(dir, 'tokens', issuer);
  const signer: Signer = {
    key: createPrivateKey(await readFile(keyFile)),
    x5c: [new X509Certificate(await readFile(certFile)).raw.toString('base64')],
  };
  const behaviour: TokenBehaviour = {
    lifetimeSeconds: 300,
    expiredTokens: 0,
    oauth: true,
    anonymousActions: ['pull'],
  };
  const requests: TokenRequest[] = [];
  const state: State = { signer, behaviour, requests, refreshTokens: new Set() };
  const server = createServer((request, response) => {
    answer(state, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const port = await listenOnLoopback(server);
  return {
    realm: `http://127.0.0.1:${port}/token`,
    service,
    issuer,
    certFile,
    requests,
    behaviour,
    [Symbol.asyncDispose]: () => closeServer(server),
  };
}

interface Signer {
  readonly key: KeyObject;
  readonly x5c: readonly string[];
}

interface State {
  readonly signer: Signer;
  readonly behaviour: TokenBehaviour;
  readonly requests: TokenRequest[];
  readonly refreshTokens: Set<string>;
}

async function answer(state: State, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const post = request.method === 'POST';
  if (url.pathname !== '/token' || (post && !state.behaviour.oauth)) return reply(response, 404);
  const fields = post ? new URLSearchParams(await text(request)) : url.searchParams;
  const proof = proofOf(state, fields, request);
  const scopes = fields
    .getAll('scope')
    .flatMap(value => value.split(' '))
    .filter(Boolean);
  state.requests.push({
    method: request.method ?? '',
    service: fields.get('service') ?? '',
    scopes,
    clientId: fields.get('client_id') ?? '',
    proof: proof ?? 'none',
    granted: proof !== undefined,
  });
  if (proof === undefined)
    return reply(response, 401, { details: 'incorrect username or password' });
  const wantsRefresh =
    fields.get('offline_token') === 'true' || fields.get('access_type') === 'offline';
  reply(response, 200, grant(state, scopes, { known: proof !== 'none', wantsRefresh, post }));
}

/** Undefined where the proof is wrong. */
function proofOf(
  { refreshTokens }: State,
  fields: URLSearchParams,
  request: IncomingMessage,
): TokenRequest['proof'] | undefined {
  const right = `${tester.username}:${tester.password}`;
  if (request.method === 'POST') {
    if (fields.get('grant_type') === 'refresh_token') {
      return refreshTokens.has(fields.get('refresh_token') ?? '') ? 'refresh-token' : undefined;
    }
    const given = `${fields.get('username') ?? ''}:${fields.get('password') ?? ''}`;
    return given === right ? 'password' : undefined;
  }
  const header = request.headers.authorization;
  if (header === undefined) return 'none';
  const given = Buffer.from(header.replace(/^Basic /i, ''), 'base64').toString();
  return given === right ? 'basic' : undefined;
}

interface Asker {
  readonly known: boolean;
  readonly wantsRefresh: boolean;
  readonly post: boolean;
}

function grant(state: State, scopes: readonly string[], asker: Asker): object {
  const { behaviour, signer, refreshTokens } = state;
  const expired = behaviour.expiredTokens > 0;
  if (expired) behaviour.expiredTokens -= 1;
  const allowed = asker.known ? undefined : behaviour.anonymousActions;
  const lifetime = expired ? -120 : behaviour.lifetimeSeconds;
  const token = signedToken(
    signer,
    scopes.map(scope => accessOf(scope, allowed)),
    {
      subject: asker.known ? tester.username : '',
      lifetime,
    },
  );
  const refresh = asker.known && asker.wantsRefresh ? randomUUID() : undefined;
  if (refresh !== undefined) refreshTokens.add(refresh);
  return {
    ...(asker.post ? { scope: scopes.join(' ') } : { token }),
    access_token: token,
    expires_in: Math.max(behaviour.lifetimeSeconds, 1),
    issued_at: new Date().toISOString(),
    ...(refresh === undefined ? {} : { refresh_token: refresh }),
  };
}

interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** `repository:library/app:pull,push`, cut down to what the asker may do. */
function accessOf(scope: string, allowed: readonly string[] | undefined): Access {
  const first = scope.indexOf(':');
  const last = scope.lastIndexOf(':');
  const actions = scope.slice(last + 1).split(',');
  return {
    type: scope.slice(0, first),
    name: scope.slice(first + 1, last),
    actions: actions.filter(action => allowed?.includes(action) ?? true),
  };
}

/** A JSON Web Token (RFC 7519) signed with ES256, with the certificate in `x5c` (RFC 7515). */
function signedToken(
  signer: Signer,
  access: readonly Access[],
  { subject, lifetime }: { readonly subject: string; readonly lifetime: number },
): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: issuer,
    sub: subject,
    aud: service,
    exp: now + lifetime,
    nbf: now + Math.min(lifetime, 0) - 10,
    iat: now,
    jti: randomUUID(),
    access,
  };
  const signedPart = `${encoded({ typ: 'JWT', alg: 'ES256', x5c: signer.x5c })}.${encoded(claims)}`;
  const key = { key: signer.key, dsaEncoding: 'ieee-p1363' } as const;
  return `${signedPart}.${sign('sha256', Buffer.from(signedPart), key).toString('base64url')}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function reply(response: ServerResponse, status: number, value: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}
