import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer, request as ask } from 'node:http';
import { createServer } from 'node:https';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startDockerRegistry } from '../../../support/docker-registry.ts';
import { closeServer, listenOnLoopback } from '../../../support/loopback.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { createAuthority, selfSigned, type KeyPair } from '../../../support/test-authority.ts';
import { clientFor, expectFailure, pushImage } from './clients.ts';

const run = promisify(execFile);

/** A folder like `~/.docker`, with certificates for one host. */
async function dockerFolder(host: string, files: Readonly<Record<string, string>>) {
  const dir = await tempDir();
  const folder = path.join(dir, 'certs.d', host);
  await mkdir(folder, { recursive: true });
  for (const [name, from] of Object.entries(files)) await copyFile(from, path.join(folder, name));
  return { dir, folder };
}

/** A server that has TLS and answers everything with `{}`. */
async function tlsServer(pair: KeyPair): Promise<number> {
  const server = createServer(
    { key: await readFile(pair.keyFile), cert: await readFile(pair.certFile) },
    (_, response) => void response.end('{}'),
  );
  const port = await listenOnLoopback(server);
  onTestFinished(async () => await closeServer(server));
  return port;
}

describe('a registry with TLS', () => {
  test('is trusted by an authority in certs.d, or where it is listed as insecure', async () => {
    await using registry = await startDockerRegistry({ tls: 'server' });
    const caFile = registry.authority?.caFile ?? '';
    await using stranger = clientFor();
    await expectFailure(stranger.ping(registry.host), {
      code: 'registry-tls',
      reason: 'unknown-authority',
      host: registry.host,
    });
    const { dir } = await dockerFolder(registry.host, { 'ca.crt': caFile });
    await using client = clientFor({ environment: { DOCKER_CONFIG: dir } });
    await pushImage(client, { registry: registry.host, repository: 'app' }, '1');
    await using other = clientFor({ certificateFolders: [path.join(dir, 'certs.d')] });
    await other.ping(registry.host);
    await using careless = clientFor({ insecureRegistries: [registry.host] });
    await careless.ping(registry.host);
  });

  test('that wants a client certificate is given the one in certs.d', async () => {
    await using registry = await startDockerRegistry({ tls: 'client-certificates' });
    const { authority } = registry;
    if (authority === undefined) throw new Error('no authority');
    const ca = { 'ca.crt': authority.caFile };
    const { dir: without } = await dockerFolder(registry.host, ca);
    await using stranger = clientFor({ environment: { DOCKER_CONFIG: without } });
    await expectFailure(stranger.ping(registry.host), {
      code: 'registry-tls',
      reason: 'client-certificate',
    });
    const { certFile, keyFile } = authority.client;
    const files = { ...ca, 'client.cert': certFile, 'client.key': keyFile };
    const { dir } = await dockerFolder(registry.host, files);
    await using client = clientFor({ environment: { DOCKER_CONFIG: dir } });
    await pushImage(client, { registry: registry.host, repository: 'app' }, '1');
  });

  test.each(['self-signed', 'expired', 'not-yet-valid', 'wrong-name'] as const)(
    'whose certificate is %s is refused with that reason',
    async reason => {
      const dir = await tempDir();
      const authority = await createAuthority(dir);
      const pair = await pairThatIs(reason, dir);
      const host = `127.0.0.1:${await tlsServer(pair)}`;
      const files = reason === 'self-signed' ? {} : { 'ca.crt': authority.caFile };
      const folder = await dockerFolder(host, files);
      await using client = clientFor({ environment: { DOCKER_CONFIG: folder.dir } });
      await expectFailure(client.ping(host), { code: 'registry-tls', reason });
    },
  );

  test.each([
    ['no PEM', { 'ca.crt': 'nonsense' }, 'it is not PEM.'],
    ['PEM of nonsense', { 'ca.crt': '-----BEGIN CERTIFICATE-----\nxx\n' }, undefined],
    ['a certificate without its key', { 'client.cert': 'x' }, 'there is no client.key beside it.'],
  ])('is not asked where certs.d has %s', async (_, files, problem) => {
    const host = 'localhost:1';
    const { dir, folder } = await dockerFolder(host, {});
    for (const [name, text] of Object.entries(files)) {
      await writeFile(path.join(folder, name), text);
    }
    await using client = clientFor({ environment: { DOCKER_CONFIG: dir } });
    await expectFailure(client.ping(host), {
      code: 'certificate-unusable',
      ...(problem === undefined ? {} : { problem }),
    });
  });
});

async function pairThatIs(
  reason: 'self-signed' | 'expired' | 'not-yet-valid' | 'wrong-name',
  dir: string,
): Promise<KeyPair> {
  if (reason === 'self-signed') return await selfSigned(dir, 'alone', '127.0.0.1');
  const times = {
    expired: ['20200101000000Z', '20210101000000Z'],
    'not-yet-valid': ['20900101000000Z', '20910101000000Z'],
    'wrong-name': ['20200101000000Z', '20910101000000Z'],
  }[reason];
  const at = (name: string) => path.join(dir, name);
  const name = reason === 'wrong-name' ? 'DNS:elsewhere.example' : 'IP:127.0.0.1';
  await writeFile(at('ext'), `subjectAltName=${name}\n`);
  const request = 'req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=x'.split(' ');
  await run('openssl', [...request, '-keyout', at('x.key'), '-out', at('x.csr')]);
  const authority = `[ca]\ndefault_ca=own\n[own]\ndatabase=${at('index')}\nrand_serial=yes\nnew_certs_dir=${dir}
default_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n`;
  await writeFile(at('ca.cnf'), authority);
  await writeFile(at('index'), '');
  const values = {
    config: at('ca.cnf'),
    in: at('x.csr'),
    out: at('x.pem'),
    cert: at('ca.pem'),
    keyfile: at('ca.key'),
    extfile: at('ext'),
    startdate: times[0] ?? '',
    enddate: times[1] ?? '',
  };
  const named = Object.entries(values).flatMap(([name, value]) => [`-${name}`, value]);
  await run('openssl', ['ca', '-batch', '-notext', ...named]);
  return { certFile: at('x.pem'), keyFile: at('x.key') };
}

describe('a registry without TLS', () => {
  test('elsewhere than on this machine is only asked where it is listed as insecure', async () => {
    await using proxy = await startProxy();
    await using registry = await startDockerRegistry();
    proxy.leadTo(Number(registry.host.split(':')[1]));
    const environment = {
      DOCKER_CONFIG: '/nonexistent',
      HTTP_PROXY: proxy.url,
      HTTPS_PROXY: proxy.url,
    };
    const host = 'registry.test:5000';
    await using client = clientFor({ environment });
    await expectFailure(client.ping(host), { code: 'registry-tls', reason: 'no-tls' });
    await using allowed = clientFor({ environment, insecureRegistries: ['registry.test'] });
    expect(await allowed.ping(host)).toEqual({ apiVersion: 'registry/2.0' });
    expect(proxy.log).toContain('GET http://registry.test:5000/v2/');
  });
});

describe('a proxy', () => {
  test('leads to registries with TLS through a tunnel, except where NO_PROXY says so', async () => {
    await using proxy = await startProxy();
    await using registry = await startDockerRegistry({ tls: 'server' });
    const port = Number(registry.host.split(':')[1]);
    proxy.leadTo(port);
    // The authority's certificate is for localhost; to the client it is at another place.
    const host = 'registry.test:443';
    const { dir } = await dockerFolder('registry.test:443', {});
    const environment = { DOCKER_CONFIG: dir, HTTPS_PROXY: proxy.url.replace('//', '//me:pw@') };
    await using client = clientFor({ environment, insecureRegistries: ['registry.test'] });
    await pushImage(client, { registry: host, repository: 'app' }, '1');
    expect(proxy.log).toContain('CONNECT registry.test:443');
    expect(proxy.authorizations).toContain(`Basic ${Buffer.from('me:pw').toString('base64')}`);

    const count = proxy.log.length;
    await using direct = clientFor({
      environment: { ...environment, NO_PROXY: '.test' },
      retryPolicy: { attempts: 1, firstDelayMs: 1, longestDelayMs: 1 },
    });
    await expectFailure(direct.ping(host), { code: 'registry-unreachable', reason: 'dns' });
    await using local = clientFor({ environment, insecureRegistries: [registry.host] });
    await local.ping(registry.host);
    expect(proxy.log).toHaveLength(count);
  });

  test('that refuses is named as the reason', async () => {
    await using proxy = await startProxy();
    const environment = { DOCKER_CONFIG: '/nonexistent', HTTPS_PROXY: proxy.url };
    await using client = clientFor({ environment });
    await expectFailure(client.ping('registry.test'), {
      code: 'registry-unreachable',
      reason: 'proxy',
    });
  });
});

/** A real proxy: CONNECT and absolute addresses, all to one port of this machine; 403 until that is named. */
async function startProxy() {
  let target: number | undefined;
  const log: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const server = createHttpServer((request, response) => {
    log.push(`${request.method} ${request.url}`);
    const url = new URL(request.url ?? '');
    const { method, headers } = request;
    const forwarded = ask({ host: '127.0.0.1', port: target, path: url.pathname, method, headers });
    forwarded.on('response', answer => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    request.pipe(forwarded);
  });
  server.on('connect', (request, socket) => {
    log.push(`CONNECT ${request.url}`);
    authorizations.push(request.headers['proxy-authorization']);
    if (target === undefined) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const there = connect(target, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    there.on('error', () => socket.destroy());
    socket.on('error', () => there.destroy());
  });
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    log,
    authorizations,
    leadTo: (to: number) => void (target = to),
    [Symbol.asyncDispose]: async () => await closeServer(server),
  };
}

describe('what cannot be reached says why', () => {
  const policy = { attempts: 1, firstDelayMs: 1, longestDelayMs: 1 };

  test('a name that does not exist, and a port where nobody listens', async () => {
    await using client = clientFor({ retryPolicy: policy });
    await expectFailure(client.ping('no-such-host.invalid'), {
      code: 'registry-unreachable',
      reason: 'dns',
    });
    await expectFailure(client.ping('127.0.0.1:1'), {
      code: 'registry-unreachable',
      reason: 'refused',
    });
  });

  test('a server that closes every connection, and one that speaks something else', async () => {
    const servers = [
      createTcpServer(socket => socket.destroy()),
      createTcpServer(socket => {
        socket.on('error', () => undefined);
        socket.end('SSH-2.0-OpenSSH_9.2\r\n');
      }),
    ];
    await using client = clientFor({ retryPolicy: policy });
    for (const [index, server] of servers.entries()) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => void server.close());
      const { port } = server.address() as AddressInfo;
      await expectFailure(client.ping(`127.0.0.1:${port}`), {
        code: 'registry-unreachable',
        reason: index === 0 ? 'interrupted' : 'other',
      });
    }
  });
});
