import { isDigest, type Digest } from '../../../shared/oci/digest.ts';
import { digestInvalid, manifestInvalid, RegistryError } from './registry-error.ts';

/** The endpoints of distribution-spec ("Endpoints"); `name` is a repository. */
export type Route =
  | { readonly kind: 'base' }
  | { readonly kind: 'catalog' }
  | { readonly kind: 'tags'; readonly name: string }
  | { readonly kind: 'manifest'; readonly name: string; readonly reference: string | Digest }
  | { readonly kind: 'blob'; readonly name: string; readonly digest: Digest }
  | { readonly kind: 'uploads'; readonly name: string }
  | { readonly kind: 'upload'; readonly name: string; readonly upload: string }
  | { readonly kind: 'referrers'; readonly name: string; readonly digest: Digest };

// <name> and <reference> of distribution-spec, "Pulling manifests".
const namePattern =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const nameLimit = 255;

/** Reads the path of a request, still percent-encoded. Throws RegistryError for one that is no endpoint. */
export function parseRoute(encodedPath: string): Route {
  const path = decoded(encodedPath);
  if (path === '/v2' || path === '/v2/') return { kind: 'base' };
  if (path === '/v2/_catalog') return { kind: 'catalog' };
  const match =
    /^\/v2\/(.+?)\/(tags\/list|manifests|blobs\/uploads|blobs|referrers)(?:\/([^/]*))?$/.exec(path);
  if (match === null) throw notAnEndpoint(path);
  const [, name = '', endpoint, last = ''] = match;
  switch (endpoint) {
    case 'tags/list':
      if (last !== '') throw notAnEndpoint(path);
      return { kind: 'tags', name: checkedName(name) };
    case 'manifests':
      return { kind: 'manifest', name: checkedName(name), reference: checkedReference(last) };
    case 'blobs/uploads':
      if (last === '') return { kind: 'uploads', name: checkedName(name) };
      return { kind: 'upload', name: checkedName(name), upload: last };
    case 'blobs':
      return { kind: 'blob', name: checkedName(name), digest: checkedDigest(last) };
    default:
      return { kind: 'referrers', name: checkedName(name), digest: checkedDigest(last) };
  }
}

/** Throws DIGEST_INVALID for anything but a digest. */
export function checkedDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw digestInvalid(text);
}

/** Throws MANIFEST_INVALID for anything but a tag. */
export function checkedTag(text: string): string {
  if (tagPattern.test(text)) return text;
  throw manifestInvalid('a tag is 1 to 128 letters, digits, "_", "." or "-"');
}

function checkedReference(text: string): string {
  return text.includes(':') ? checkedDigest(text) : checkedTag(text);
}

function checkedName(name: string): string {
  if (namePattern.test(name) && name.length <= nameLimit) return name;
  const message =
    'a repository is made of lower-case letters and digits, joined by ".", "_", "-", "/"';
  throw new RegistryError('NAME_INVALID', message, { status: 400, detail: { name } });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw notAnEndpoint(path);
  }
}

function notAnEndpoint(path: string): RegistryError {
  const message = 'this is not an address of the distribution API';
  return new RegistryError('UNSUPPORTED', message, { status: 404, detail: { path } });
}
