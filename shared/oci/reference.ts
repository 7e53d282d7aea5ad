import { AppError } from '../failure.ts';
import { isDigest, type Digest } from './digest.ts';

/** The name of an image in a registry: `registry/repository[:tag][@digest]`, fully written out. */
export interface ImageReference {
  /** Host with an optional port, such as `docker.io`, `localhost:5000` or `[::1]:5000`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

type Part = 'reference' | 'registry' | 'repository' | 'tag' | 'digest';

// The grammar of the reference package of the distribution project; the distribution-spec has the same for
// <name> and <reference>.
const registryPattern =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]{1,5})?$/;
const componentPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const nameLimit = 255;
const dockerHub = 'docker.io';

/**
 * Reads a reference as Docker does: without a registry it is Docker Hub's, and a Hub name of one part is
 * below `library/`. No tag is added (see `withDefaultTag`). Throws reference-invalid, which says which part is wrong.
 */
export function parseReference(text: string): ImageReference {
  const fail = (part: Part, problem: string) =>
    new AppError({ code: 'reference-invalid', reference: text.slice(0, 300), part, problem });
  if (text === '') throw fail('reference', 'is empty');
  if (/\s/.test(text)) throw fail('reference', 'contains white space');
  if (text.includes('://'))
    throw fail('reference', 'must not start with a scheme such as https://');
  const { name, tag, digest } = splitOff(text);
  if (digest !== undefined && !isDigest(digest)) {
    throw fail('digest', 'must be sha256: and 64 hex digits in lower case');
  }
  if (tag !== undefined && !tagPattern.test(tag)) {
    throw fail(
      'tag',
      'must be 1 to 128 letters, digits, "_", "." or "-", not starting with "." or "-"',
    );
  }
  const { registry, repository } = splitRegistry(name);
  const problem = registryProblem(registry);
  if (problem !== undefined) throw fail('registry', problem);
  const wrong = repositoryProblem(repository, name);
  if (wrong !== undefined) throw fail('repository', wrong);
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** Writes a reference out in full; this is the form under which images are kept. */
export function formatReference(reference: ImageReference): string {
  return `${reference.registry}/${reference.repository}${suffix(reference)}`;
}

/** The short form that people know: `nginx` for `docker.io/library/nginx`. It is read back as the same reference. */
export function familiarReference(reference: ImageReference): string {
  const { registry, repository } = reference;
  const [first = '', second, third] = repository.split('/');
  if (registry !== dockerHub || (second !== undefined && isRegistryName(first))) {
    return formatReference(reference);
  }
  const official = first === 'library' && second !== undefined && third === undefined;
  return (official ? second : repository) + suffix(reference);
}

/** The short form of a name as it is in an index. Other tools may have put names there that are no references. */
export function shownReference(text: string): string {
  try {
    return familiarReference(parseReference(text));
  } catch {
    return text;
  }
}

/** Adds the tag `latest` where there is neither tag nor digest. */
export function withDefaultTag(reference: ImageReference): ImageReference {
  if (reference.tag !== undefined || reference.digest !== undefined) return reference;
  return { ...reference, tag: 'latest' };
}

/** The full form with a tag of what a person typed: `hello` becomes `docker.io/library/hello:latest`. */
export function canonicalReference(text: string): string {
  return formatReference(withDefaultTag(parseReference(text)));
}

function suffix({ tag, digest }: ImageReference): string {
  return (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);
}

function splitOff(text: string): { name: string; tag?: string; digest?: string } {
  const at = text.indexOf('@');
  const beforeDigest = at < 0 ? text : text.slice(0, at);
  const colon = beforeDigest.lastIndexOf(':');
  const tagged = colon > beforeDigest.lastIndexOf('/');
  return {
    name: tagged ? beforeDigest.slice(0, colon) : beforeDigest,
    ...(tagged ? { tag: beforeDigest.slice(colon + 1) } : {}),
    ...(at < 0 ? {} : { digest: text.slice(at + 1) }),
  };
}

function splitRegistry(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const isRegistry = slash >= 0 && isRegistryName(name.slice(0, slash));
  const registry = isRegistry ? name.slice(0, slash) : dockerHub;
  const repository = isRegistry ? name.slice(slash + 1) : name;
  if (registry !== dockerHub && registry !== 'index.docker.io') return { registry, repository };
  return {
    registry: dockerHub,
    repository: repository.includes('/') ? repository : `library/${repository}`,
  };
}

/** The first part is a registry only if it cannot be a folder on Docker Hub: it has a dot, a port or a capital, or is localhost. */
function isRegistryName(part: string): boolean {
  return part === 'localhost' || /[.:[A-Z]/.test(part);
}

function registryProblem(registry: string): string | undefined {
  if (!registryPattern.test(registry))
    return `"${registry}" is not a host name with an optional port`;
  const port = /:([0-9]+)$/.exec(registry)?.[1];
  if (port !== undefined && !registry.endsWith(']') && Number(port) > 65_535) {
    return `has the port ${port}, which is above 65535`;
  }
  return undefined;
}

function repositoryProblem(repository: string, name: string): string | undefined {
  if (name.length > nameLimit) return `is longer than ${nameLimit} characters`;
  if (/^[0-9a-f]{64}$/.test(name)) return 'must not look like the digest of an image';
  const wrong = repository.split('/').find(component => !componentPattern.test(component));
  if (wrong === undefined) return undefined;
  if (name === '' || repository === '' || repository === 'library/') return 'is missing';
  if (wrong === '') return 'has an empty part between slashes';
  if (/[A-Z]/.test(wrong)) return `must be in lower case ("${wrong}")`;
  return `has the part "${wrong}"; a part is letters and digits, joined by ".", "_", "__" or "-"`;
}
