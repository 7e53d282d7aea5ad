import { AppError } from '../../../shared/failure.ts';
import { parseReference } from '../../../shared/oci/reference.ts';
import { insecureVariable, mirrorVariable } from './connection-variables.ts';
import type { SavedRegistries } from './saved-registries.ts';

/** How registries are reached. */
export interface ConnectionSettings {
  /** Registries that may be asked over plain HTTP, and whose certificates are not checked. */
  readonly insecure: ReadonlySet<string>;
  /** By registry: the hosts that are asked first, in this order. */
  readonly mirrors: ReadonlyMap<string, readonly string[]>;
}

/** What the command line says: `--insecure-registry HOST` and `--mirror REGISTRY=HOST`. */
export interface ConnectionFlags {
  readonly insecureRegistry?: readonly string[];
  readonly mirror?: readonly string[];
}

/** Joins what flags, environment and saved registries say; mirrors of flags are asked first. Throws `bad-request` or `reference-invalid`. */
export function connectionSettings(
  saved: SavedRegistries,
  environment: Readonly<Record<string, string | undefined>>,
  flags: ConnectionFlags = {},
): ConnectionSettings {
  const insecure = [
    ...(flags.insecureRegistry ?? []),
    ...listOf(environment[insecureVariable]),
    ...saved.registries.filter(each => each.insecure).map(({ registry }) => registry),
  ];
  const mirrors = new Map<string, readonly string[]>();
  const add = (registry: string, mirror: string): void => {
    const known = mirrors.get(registry) ?? [];
    if (!known.includes(mirror)) mirrors.set(registry, [...known, mirror]);
  };
  for (const text of flags.mirror ?? []) add(...mirrorOf(text, '--mirror'));
  for (const text of listOf(environment[mirrorVariable])) add(...mirrorOf(text, mirrorVariable));
  for (const { mirror, registry } of saved.registries) {
    if (mirror !== undefined) add(registry, mirrorName(mirror));
  }
  return { insecure: new Set(insecure.map(registryName)), mirrors };
}

/** A registry as references have it; `https://` before it and a slash behind it are forgiven. Throws `reference-invalid`. */
export function registryName(text: string): string {
  const host = text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/+$/, '');
  // What has no dot or port would be read as a folder of Docker Hub.
  const hasForm = /[.:]/.test(host) || host.toLowerCase() === 'localhost';
  if (!hasForm || host.includes('/')) {
    const problem = `"${host.slice(0, 100)}" must be a host such as registry.example.com or localhost:5000`;
    throw new AppError({
      code: 'reference-invalid',
      reference: text.slice(0, 300),
      part: 'registry',
      problem,
    });
  }
  return parseReference(`${host}/x`).registry;
}

/** Where a registry's content is looked for first: `host[:port][/prefix of repositories]`. Throws `reference-invalid`. */
export function mirrorName(text: string): string {
  const [host = '', ...prefix] = text
    .trim()
    .replace(/^https?:\/\//i, '')
    .replace(/\/+$/, '')
    .split('/');
  const registry = registryName(host);
  if (prefix.length === 0) return registry;
  return `${registry}/${parseReference(`${registry}/${prefix.join('/')}`).repository}`;
}

function mirrorOf(text: string, field: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals > 0) return [registryName(text.slice(0, equals)), mirrorName(text.slice(equals + 1))];
  const problem = `"${text.slice(0, 200)}" is not of the form registry=mirror, such as docker.io=mirror.example.com`;
  throw new AppError({ code: 'bad-request', field, problem });
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').flatMap(part => (part.trim() === '' ? [] : [part.trim()]));
}
