import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { request as plainRequest } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createAuthority, type TestAuthority } from './test-authority.ts';
import { startTokenServer, tester, type TokenServer } from './token-server.ts';

/** How a registry is to be started. The account of `htpasswd` and `token` is `tester`. */
export interface DockerRegistryOptions {
  readonly auth?: 'htpasswd' | 'token';
  /** `client-certificates`: nobody gets in without one that the test authority has signed. */
  readonly tls?: 'server' | 'client-certificates';
  /** Patterns of foreign layers' `urls` that are accepted; everything by default. */
  readonly foreignUrls?: readonly string[];
}

/** Debian's docker-registry, running. Ends and leaves nothing behind when it is disposed of. */
export interface DockerRegistry extends AsyncDisposable {
  /** `127.0.0.1:49152`: the registry part of a reference. */
  readonly host: string;
  /** `https://127.0.0.1:49152`, without a slash at the end. */
  readonly url: string;
  /** Only with `auth: 'token'`. */
  readonly tokens: TokenServer | undefined;
  /** Only with `tls`. */
  readonly authority: TestAuthority | undefined;
  /** What it has logged so far: one line per request among others. */
  log(): string;
}

/** Starts docker-registry on a free port of 127.0.0.1 with an empty store. Throws with its log where it does not come up. */
export async function startDockerRegistry(
  options: DockerRegistryOptions = {},
): Promise<DockerRegistry> {
  await using stack = new AsyncDisposableStack();
  const dir = await mkdtemp(path.join(tmpdir(), 'layerwright-registry-'));
  stack.defer(async () => await rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  await mkdir(path.join(dir, 'data'));
  const tokens = options.auth === 'token' ? stack.use(await startTokenServer(dir)) : undefined;
  const authority = options.tls === undefined ? undefined : await createAuthority(dir);
  const configFile = path.join(dir, 'config.yml');
  await writeFile(configFile, JSON.stringify(await configuration(dir, options, tokens, authority)));

  const child = spawn('docker-registry', ['serve', configFile], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  stack.defer(() => end(child));
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  child.on('error', error => (log += error.message));

  const port = await portOf(child, () => log);
  const host = `127.0.0.1:${port}`;
  const url = `${authority === undefined ? 'http' : 'https'}://${host}`;
  await answers(url, child, { authority, log: () => log });
  const running = stack.move();
  return {
    host,
    url,
    tokens,
    authority,
    log: () => log,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

// JSON is YAML.
async function configuration(
  dir: string,
  { auth, tls, foreignUrls }: DockerRegistryOptions,
  tokens: TokenServer | undefined,
  authority: TestAuthority | undefined,
): Promise<object> {
  return {
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: path.join(dir, 'data') },
      delete: { enabled: true },
    },
    http: {
      addr: '127.0.0.1:0',
      ...(authority === undefined
        ? {}
        : {
            tls: {
              certificate: authority.server.certFile,
              key: authority.server.keyFile,
              ...(tls === 'client-certificates' ? { clientcas: [authority.caFile] } : {}),
            },
          }),
    },
    validation: { manifests: { urls: { allow: foreignUrls ?? ['.*'] } } },
    ...(auth === undefined ? {} : { auth: await authentication(dir, tokens) }),
  };
}

/** bcrypt of the tester's password, which needs a program that not everybody has. */
const passwordLine = `${tester.username}:$2b$04$LayerwrightTestsSalt1u9M3qe.G0ng8X0WXvB/z/7MrLdyWPpeu`;

async function authentication(dir: string, tokens: TokenServer | undefined): Promise<object> {
  if (tokens !== undefined) {
    const { realm, service, issuer, certFile } = tokens;
    return { token: { realm, service, issuer, rootcertbundle: certFile } };
  }
  const file = path.join(dir, 'htpasswd');
  await writeFile(file, `${passwordLine}\n`);
  return { htpasswd: { realm: 'layerwright tests', path: file } };
}

const patience = 30_000;

/** The registry takes a free port and says which. */
async function portOf(child: ChildProcess, log: () => string): Promise<number> {
  const deadline = Date.now() + patience;
  for (;;) {
    const port = /listening on 127\.0\.0\.1:(\d+)/.exec(log())?.[1];
    if (port !== undefined) return Number(port);
    await orGiveUp(child, deadline, log);
  }
}

interface Probe {
  readonly authority: TestAuthority | undefined;
  readonly log: () => string;
}

async function answers(url: string, child: ChildProcess, { authority, log }: Probe): Promise<void> {
  const deadline = Date.now() + patience;
  while (![200, 401].includes(await statusOf(`${url}/v2/`, authority))) {
    await orGiveUp(child, deadline, log);
  }
}

/** 0 where there is no answer. */
async function statusOf(url: string, authority: TestAuthority | undefined): Promise<number> {
  const asked =
    authority === undefined
      ? plainRequest(url)
      : request(url, {
          ca: authority.ca,
          cert: await readFile(authority.client.certFile),
          key: await readFile(authority.client.keyFile),
        });
  const { promise, resolve } = Promise.withResolvers<number>();
  asked.on('error', () => resolve(0));
  asked.on('response', response => resolve(response.resume().statusCode ?? 0));
  asked.end();
  return await promise;
}

async function orGiveUp(child: ChildProcess, deadline: number, log: () => string): Promise<void> {
  const ended = hasEnded(child);
  if (ended || Date.now() > deadline) {
    throw new Error(`docker-registry ${ended ? 'ended' : 'does not answer'}. It said:\n${log()}`);
  }
  await pause(10);
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
