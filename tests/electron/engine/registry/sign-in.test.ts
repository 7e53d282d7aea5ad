import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Credential } from '../../../../electron/engine/registry/credentials.ts';
import { AppError, explain } from '../../../../shared/failure.ts';
import { startDockerRegistry, type DockerRegistry } from '../../../support/docker-registry.ts';
import { tester, type TokenServer } from '../../../support/token-server.ts';
import {
  blobOf,
  clientFor,
  contentOf,
  expectFailure,
  pushImage,
  serve,
  theTester,
} from './clients.ts';

const wrong = { get: async () => ({ kind: 'password', username: 'x', password: 'y' }) as const };

describe('a registry with tokens', () => {
  let registry: DockerRegistry;
  let tokens: TokenServer;
  let to: { registry: string; repository: string };

  beforeAll(async () => {
    registry = await startDockerRegistry({ auth: 'token' });
    if (registry.tokens === undefined) throw new Error('no token server');
    tokens = registry.tokens;
    to = { registry: registry.host, repository: 'app' };
    await using client = clientFor({ credentials: theTester });
    await pushImage(client, to, '1');
  });

  beforeEach(() => {
    Object.assign(tokens.behaviour, { lifetimeSeconds: 300, expiredTokens: 0, oauth: true });
  });

  afterAll(async () => await registry[Symbol.asyncDispose]());

  test('is asked for one token for many requests, also at the same time', async () => {
    await using client = clientFor({ credentials: theTester });
    const start = tokens.requests.length;
    await client.manifest(to, '1');
    await Promise.all(Array.from({ length: 8 }, async () => await client.manifest(to, '1')));
    expect(tokens.requests.slice(start)).toEqual([
      {
        method: 'GET',
        service: tokens.service,
        scopes: ['repository:app:pull'],
        clientId: 'layerwright',
        proof: 'basic',
        granted: true,
      },
    ]);
  });

  test('lets anybody read, and says who must sign in to write', async () => {
    await using stranger = clientFor();
    await stranger.manifest(to, '1');
    await expectFailure(pushImage(stranger, to, '2'), {
      code: 'registry-unauthorized',
      registry: registry.host,
      repository: 'app',
      action: 'push',
    });
    await using other = clientFor({ credentials: wrong });
    await expectFailure(other.ping(registry.host), {
      code: 'registry-unauthorized',
      action: 'sign in',
      user: 'x',
      says: 'incorrect username or password',
    });
  });

  test('mounts a blob with rights for both repositories', async () => {
    await using client = clientFor({ credentials: theTester });
    const bytes = randomBytes(100);
    await client.uploadBlob(to, blobOf(bytes), contentOf(bytes));
    const start = tokens.requests.length;
    const other = { ...to, repository: 'other' };
    expect(await client.mountBlob(other, blobOf(bytes), to)).toBe(true);
    expect(tokens.requests.slice(start).map(request => request.scopes)).toEqual([
      ['repository:app:pull', 'repository:other:pull,push'],
    ]);
  });

  test('gets a new token where one has expired too early', async () => {
    tokens.behaviour.expiredTokens = 1;
    await using client = clientFor({ credentials: theTester });
    const start = tokens.requests.length;
    expect((await client.manifest(to, '1')).descriptor.size).toBeGreaterThan(0);
    expect(tokens.requests.slice(start)).toHaveLength(2);
  });

  test('gets a new token in the middle of an upload', async () => {
    await using client = clientFor({ credentials: theTester });
    const bytes = randomBytes(5 * 1024 * 1024);
    let hasBegun = false;
    const content = contentOf(bytes);
    // The first token is good for the POST; the next two that the registry sees are not.
    async function* slow(offset: number) {
      if (!hasBegun) client.forgetCredentials(registry.host);
      hasBegun = true;
      tokens.behaviour.expiredTokens = 1;
      yield* content(offset);
    }
    await client.uploadBlob(to, blobOf(bytes), slow);
    expect(hasBegun).toBe(true);
    expect(await client.hasBlob(to, blobOf(bytes))).toBe(true);
  });

  test('that refuses every token is not asked for ever', async () => {
    tokens.behaviour.expiredTokens = Infinity;
    await using client = clientFor({ credentials: theTester });
    const start = tokens.requests.length;
    await expectFailure(client.manifest(to, '1'), {
      code: 'registry-unauthorized',
      user: tester.username,
    });
    expect(tokens.requests.length - start).toBeLessThanOrEqual(3);
  });

  test('exchanges refresh tokens with POST', async () => {
    const query = new URLSearchParams({ service: tokens.service, offline_token: 'true' });
    const pair = Buffer.from(`${tester.username}:${tester.password}`).toString('base64');
    const answer = await fetch(`${tokens.realm}?${query.toString()}`, {
      headers: { authorization: `Basic ${pair}` },
    });
    const { refresh_token: token } = (await answer.json()) as { refresh_token: string };
    const credential: Credential = { kind: 'identity-token', token };
    await using client = clientFor({ credentials: { get: async () => credential } });
    const start = tokens.requests.length;
    await pushImage(client, to, '3');
    expect(tokens.requests.slice(start)[0]).toMatchObject({
      method: 'POST',
      proof: 'refresh-token',
      scopes: ['repository:app:pull,push'],
    });
    const old: Credential = { kind: 'identity-token', token: 'old' };
    await using late = clientFor({ credentials: { get: async () => old } });
    await expectFailure(late.manifest(to, '1'), {
      code: 'registry-unauthorized',
      user: 'a token',
    });
  });

  test('learns of a sign-in when it is told', async () => {
    let credential: Credential | undefined;
    await using client = clientFor({ credentials: { get: async () => credential } });
    await expectFailure(pushImage(client, to, '4'), { code: 'registry-unauthorized' });
    credential = { kind: 'password', ...tester };
    client.forgetCredentials(registry.host);
    await pushImage(client, to, '4');
  });

  test('is read without credentials where their helper is broken, which matters only to write', async () => {
    const broken = new AppError({ code: 'credentials-failed', source: 'helper', problem: 'no.' });
    await using client = clientFor({
      credentials: { get: async () => await Promise.reject(broken) },
    });
    await client.manifest(to, '1');
    await expectFailure(pushImage(client, to, '5'), {
      code: 'credentials-failed',
      source: 'helper',
    });
  });
});

test('a registry with Basic tells right from wrong passwords', async () => {
  await using registry = await startDockerRegistry({ auth: 'htpasswd' });
  await using client = clientFor({ credentials: theTester });
  expect(await client.ping(registry.host)).toEqual({ apiVersion: 'registry/2.0' });
  await using stranger = clientFor();
  await expectFailure(stranger.ping(registry.host), { code: 'registry-unauthorized' });
  await using other = clientFor({ credentials: wrong });
  await expectFailure(other.ping(registry.host), { code: 'registry-unauthorized', user: 'x' });
});

describe('credentials', () => {
  const secret = 'the-secret';
  const credentials = {
    get: async () => ({ kind: 'password', username: 'me', password: secret }) as const,
  };
  const encoded = Buffer.from(`me:${secret}`).toString('base64');

  test.each([
    ['http://tokens.example/token', 'registry-insecure'],
    ['ftp://127.0.0.1/token', 'registry-protocol'],
    ['', 'registry-protocol'],
  ])('are not sent to the token server %j', async (realm, code) => {
    await using server = await serve((_, response) => {
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end();
    });
    await using client = clientFor({ credentials });
    await expectFailure(client.ping(server.host), { code: code as never });
  });

  test.each([302, 307])('do not follow a redirection (%s) to another host', async status => {
    const seen: (string | undefined)[] = [];
    await using other = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(200, { 'docker-distribution-api-version': 'registry/2.0' }).end('{}');
    });
    await using server = await serve((request, response) => {
      if (request.headers.authorization === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      } else response.writeHead(status, { location: `${other.url}${request.url ?? ''}` }).end();
    });
    await using client = clientFor({ credentials });
    await client.ping(server.host);
    expect(seen).toEqual([undefined]);
  });

  test('do not follow a redirection of the token server, nor does a refresh token', async () => {
    const seen: string[] = [];
    await using other = await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push(`${JSON.stringify(request.headers)} ${body}`);
        response.end('{"token":"t"}');
      });
    });
    await using server = await serve((request, response) => {
      if (request.url?.startsWith('/token') === true) {
        response.writeHead(307, { location: `${other.url}/token` }).end();
      } else if (request.headers.authorization === undefined) {
        const challenge = `Bearer realm="http://${request.headers.host ?? ''}/token"`;
        response.writeHead(401, { 'www-authenticate': challenge }).end();
      } else response.end('{}');
    });
    await using client = clientFor({ credentials });
    await client.ping(server.host);
    await using refreshing = clientFor({
      credentials: { get: async () => ({ kind: 'identity-token', token: secret }) as const },
    });
    await expectFailure(refreshing.ping(server.host), { code: 'registry-protocol' });
    expect(seen).toHaveLength(1);
    expect(seen.join(' ')).not.toMatch(new RegExp(`${secret}|${encoded}`));
  });

  test('are in no failure, whatever the registry answers', async () => {
    await using server = await serve((request, response) => {
      const sent = request.headers.authorization;
      if (sent === undefined) {
        response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      } else response.writeHead(418).end('{"errors":[{"code":"TEAPOT","message":"no"}]}');
    });
    await using client = clientFor({ credentials });
    const error: unknown = await client.ping(server.host).catch((error: unknown) => error);
    if (!(error instanceof AppError)) throw error;
    const text = JSON.stringify([error.failure, explain(error.failure), error.stack]);
    expect(text).toContain('TEAPOT');
    expect(text).not.toMatch(new RegExp(`${secret}|${encoded}`));
  });

  test.each([
    ['no token', '{}'],
    ['a token that breaks headers', '{"token":"a\\r\\nx: y"}'],
    ['a web page', '<html>'],
    ['too much', JSON.stringify({ token: 'x'.repeat(2_000_000) })],
  ])('are of no use where the token server answers with %s', async (_, answer) => {
    await using server = await serve((request, response) => {
      if (request.url?.startsWith('/token') === true) return void response.end(answer);
      const challenge = `Bearer realm="http://${request.headers.host ?? ''}/token"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    });
    await using client = clientFor({ credentials });
    await expectFailure(client.ping(server.host), { code: 'registry-protocol' });
  });
});
