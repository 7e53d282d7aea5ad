import path from 'node:path';
import { credentialHelper, type CredentialHelper } from './credential-helper.ts';
import type { Credential, CredentialStore, SignedIn } from './credentials.ts';
import {
  dockerFolder,
  readDockerConfig,
  writeDockerConfig,
  type AuthEntry,
  type DockerConfig,
} from './docker-config.ts';
import type { Environment } from './dispatcher.ts';

// Docker's name for its own registry in config.json, from the times of the first API.
const dockerHubKey = 'https://index.docker.io/v1/';

/** The credentials that Docker has too: `config.json` with `auths`, `credsStore` and `credHelpers`. */
export function dockerCredentials(environment: Environment = process.env): CredentialStore {
  const file = path.join(dockerFolder(environment), 'config.json');

  function helperOf(config: DockerConfig, registry: string): CredentialHelper | undefined {
    const own = Object.entries(config.credHelpers ?? {}).find(([key]) => isFor(key, registry));
    const name = own?.[1] ?? config.credsStore;
    return name === undefined || name === '' ? undefined : credentialHelper(name, environment);
  }

  return {
    async get(registry, signal) {
      const config = await readDockerConfig(file);
      const stored = await helperOf(config, registry)?.get(keyOf(registry), signal);
      return stored ?? credentialOf(entryOf(config, registry));
    },
    async save(registry, credential, signal) {
      const config = await readDockerConfig(file);
      const helper = helperOf(config, registry);
      await helper?.store(keyOf(registry), credential, signal);
      // Docker marks with an empty entry what a helper keeps.
      const entry = helper === undefined ? encoded(credential) : {};
      const auths = { ...without(config, registry), [keyOf(registry)]: entry };
      await writeDockerConfig(file, { ...config, auths });
    },
    async erase(registry, signal) {
      const config = await readDockerConfig(file);
      const helper = helperOf(config, registry);
      const isInHelper = (await helper?.get(keyOf(registry), signal)) !== undefined;
      if (isInHelper) await helper?.erase(keyOf(registry), signal);
      const isInFile = entryOf(config, registry) !== undefined;
      if (isInFile) await writeDockerConfig(file, { ...config, auths: without(config, registry) });
      return isInHelper || isInFile;
    },
    list: async signal => await signedIn(await readDockerConfig(file), environment, signal),
  };
}

async function signedIn(
  config: DockerConfig,
  environment: Environment,
  signal: AbortSignal | undefined,
): Promise<readonly SignedIn[]> {
  const found = new Map<string, SignedIn>();
  const add = (key: string, username: string | undefined) => {
    const registry = registryOf(key);
    found.set(registry, { registry, ...(username === undefined ? {} : { username }) });
  };
  for (const [key, entry] of Object.entries(config.auths ?? {})) {
    const credential = credentialOf(entry);
    if (credential?.kind === 'password') add(key, credential.username);
    else if (credential !== undefined) add(key, undefined);
  }
  const helpers = new Set([config.credsStore ?? '', ...Object.values(config.credHelpers ?? {})]);
  for (const name of helpers) {
    if (name === '') continue;
    for (const [key, username] of await credentialHelper(name, environment).list(signal)) {
      add(key, username === '<token>' ? undefined : username);
    }
  }
  return [...found.values()].sort((a, b) => (a.registry < b.registry ? -1 : 1));
}

/** The key under which Docker keeps the credentials of a registry. */
function keyOf(registry: string): string {
  return registry === 'docker.io' ? dockerHubKey : registry;
}

/** The registry of a key of `auths`: old entries have a scheme and a path. */
function registryOf(key: string): string {
  const host = key.replace(/^https?:\/\//, '').replace(/\/.*$/s, '');
  const isHub = ['index.docker.io', 'docker.io', 'registry-1.docker.io'].includes(host);
  return isHub ? 'docker.io' : host;
}

function isFor(key: string, registry: string): boolean {
  return registryOf(key) === registry;
}

/** The entry of a registry; the one under its exact key before older forms. */
function entryOf(config: DockerConfig, registry: string): AuthEntry | undefined {
  const auths = config.auths ?? {};
  const exact = Object.hasOwn(auths, keyOf(registry)) ? auths[keyOf(registry)] : undefined;
  return exact ?? Object.entries(auths).find(([key]) => isFor(key, registry))?.[1];
}

function without(config: DockerConfig, registry: string): Record<string, AuthEntry> {
  const others = Object.entries(config.auths ?? {}).filter(([key]) => !isFor(key, registry));
  return Object.fromEntries(others);
}

function credentialOf(entry: AuthEntry | undefined): Credential | undefined {
  if (entry === undefined) return undefined;
  if (entry.registrytoken) return { kind: 'registry-token', token: entry.registrytoken };
  if (entry.identitytoken) return { kind: 'identity-token', token: entry.identitytoken };
  const decoded = Buffer.from(entry.auth ?? '', 'base64')
    .toString('utf8')
    .replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  const username = colon > 0 ? decoded.slice(0, colon) : (entry.username ?? '');
  const password = colon > 0 ? decoded.slice(colon + 1) : (entry.password ?? '');
  if (username === '') return undefined;
  return { kind: 'password', username, password };
}

function encoded(credential: Credential): AuthEntry {
  switch (credential.kind) {
    case 'password': {
      const pair = `${credential.username}:${credential.password}`;
      return { auth: Buffer.from(pair, 'utf8').toString('base64') };
    }
    case 'identity-token':
      return { identitytoken: credential.token };
    case 'registry-token':
      return { registrytoken: credential.token };
  }
}
