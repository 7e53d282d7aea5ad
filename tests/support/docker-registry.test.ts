import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Agent, fetch, type RequestInit } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startDockerRegistry, type DockerRegistryOptions } from './docker-registry.ts';
import { tester } from './token-server.ts';

const basic = `Basic ${Buffer.from(`${tester.username}:${tester.password}`).toString('base64')}`;

async function started(options: DockerRegistryOptions = {}) {
  const registry = await startDockerRegistry(options);
  onTestFinished(() => registry[Symbol.asyncDispose]());
  return registry;
}

async function status(url: string, init?: RequestInit): Promise<number> {
  const response = await fetch(url, init);
  await response.arrayBuffer();
  return response.status;
}

async function push(url: string, content: string, headers: Record<string, string> = {}) {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
  const opened = await fetch(`${url}/blobs/uploads/`, { method: 'POST', headers });
  const place = new URL(opened.headers.get('location') ?? '');
  place.searchParams.set('digest', digest);
  return {
    digest,
    size: content.length,
    status: await status(String(place), { method: 'PUT', body: content, headers }),
  };
}

describe('docker-registry for tests', () => {
  test('lets anybody in by default, and stores blobs and foreign layers', async () => {
    const { url } = await started();
    expect(await status(`${url}/v2/`)).toBe(200);
    const config = await push(`${url}/v2/app`, '{}');
    expect(config.status).toBe(201);
    const manifest = {
      schemaVersion: 2,
      mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
      config: { mediaType: 'application/vnd.docker.container.image.v1+json', ...config },
      layers: [
        {
          mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
          digest: `sha256:${'1'.repeat(64)}`,
          size: 1,
          urls: ['https://mcr.microsoft.com/v2/windows/nanoserver/blobs/sha256:1'],
        },
      ],
    };
    const init = {
      method: 'PUT',
      headers: { 'content-type': manifest.mediaType },
      body: JSON.stringify(manifest),
    };
    expect(await status(`${url}/v2/app/manifests/latest`, init)).toBe(201);
    expect(await status(`${url}/v2/app/blobs/${config.digest}`, { method: 'DELETE' })).toBe(202);
  });

  test('asks for a password with htpasswd', async () => {
    const { url } = await started({ auth: 'htpasswd' });
    expect(await status(`${url}/v2/`)).toBe(401);
    expect(await status(`${url}/v2/`, { headers: { authorization: basic } })).toBe(200);
  });

  test('serves TLS with a certificate of the test authority', async () => {
    const { url, authority } = await started({ tls: 'server' });
    await expect(fetch(`${url}/v2/`)).rejects.toThrow();
    const dispatcher = new Agent({ connect: { ca: authority?.ca ?? '' } });
    expect(await status(`${url}/v2/`, { dispatcher })).toBe(200);
    await dispatcher.close();
  });

  test('lets nobody in without a client certificate where one is wanted', async () => {
    const { url, authority } = await started({ tls: 'client-certificates' });
    if (authority === undefined) throw new Error('no authority');
    const ca = authority.ca;
    const without = new Agent({ connect: { ca } });
    await expect(fetch(`${url}/v2/`, { dispatcher: without })).rejects.toThrow();
    const cert = await readFile(authority.client.certFile);
    const key = await readFile(authority.client.keyFile);
    const dispatcher = new Agent({ connect: { ca, cert, key } });
    expect(await status(`${url}/v2/`, { dispatcher })).toBe(200);
    await Promise.all([dispatcher.close(), without.destroy()]);
  });

  test('says what went wrong where it cannot start', async () => {
    await expect(startDockerRegistry({ foreignUrls: ['('] })).rejects.toThrow(/regexp|missing/);
  });
});

describe('token server for tests', () => {
  interface Answer {
    readonly access_token: string;
    readonly refresh_token?: string;
  }

  async function tokenFrom(url: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(url, init);
    return (await response.json()) as Answer;
  }

  test('gives tokens that docker-registry accepts, by GET, password and refresh token', async () => {
    const { url, tokens } = await started({ auth: 'token' });
    if (tokens === undefined) throw new Error('no token server');
    const challenge = await fetch(`${url}/v2/app/blobs/uploads/`, { method: 'POST' });
    expect(challenge.status).toBe(401);
    const asked = challenge.headers.get('www-authenticate') ?? '';
    // docker-registry names the actions in either order.
    expect([
      `Bearer realm="${tokens.realm}",service="${tokens.service}",scope="repository:app:pull,push"`,
      `Bearer realm="${tokens.realm}",service="${tokens.service}",scope="repository:app:push,pull"`,
    ]).toContain(asked);

    const common = {
      service: tokens.service,
      client_id: 'test',
      scope: 'repository:app:pull,push',
    };
    const anonymous = await tokenFrom(`${tokens.realm}?${new URLSearchParams(common)}`);
    const known = await tokenFrom(
      `${tokens.realm}?${new URLSearchParams({ ...common, offline_token: 'true' })}`,
      { headers: { authorization: basic } },
    );
    const byPassword = await tokenFrom(tokens.realm, {
      method: 'POST',
      body: new URLSearchParams({ ...common, grant_type: 'password', ...tester }),
    });
    const byRefresh = await tokenFrom(tokens.realm, {
      method: 'POST',
      body: new URLSearchParams({
        ...common,
        grant_type: 'refresh_token',
        refresh_token: known.refresh_token ?? '',
      }),
    });
    expect(tokens.requests.map(request => request.proof)).toEqual([
      'none',
      'basic',
      'password',
      'refresh-token',
    ]);

    const statuses: number[] = [];
    for (const { access_token } of [anonymous, known, byPassword, byRefresh]) {
      const headers = { authorization: `Bearer ${access_token}` };
      statuses.push(await status(`${url}/v2/app/blobs/uploads/`, { method: 'POST', headers }));
    }
    expect(statuses).toEqual([401, 202, 202, 202]);
  });

  test('gives tokens that are out of date, and refuses wrong passwords and POST, when told to', async () => {
    const { url, tokens } = await started({ auth: 'token' });
    if (tokens === undefined) throw new Error('no token server');
    const query = new URLSearchParams({ service: tokens.service, scope: 'repository:app:pull' });
    tokens.behaviour.expiredTokens = 1;
    const statuses: number[] = [];
    for (const _ of [1, 2]) {
      const { access_token } = await tokenFrom(`${tokens.realm}?${query}`);
      const headers = { authorization: `Bearer ${access_token}` };
      statuses.push(await status(`${url}/v2/app/tags/list`, { headers }));
    }
    // The second one is let in, and there is no such repository.
    expect(statuses).toEqual([401, 404]);

    const wrong = { authorization: `Basic ${Buffer.from('tester:wrong').toString('base64')}` };
    expect(await status(`${tokens.realm}?${query}`, { headers: wrong })).toBe(401);
    tokens.behaviour.oauth = false;
    expect(await status(tokens.realm, { method: 'POST', body: query })).toBe(404);
  });
});
