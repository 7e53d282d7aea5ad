import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isDigest, type Digest } from '../../../shared/oci/digest.ts';
import { isIndex } from '../../../shared/oci/media-types.ts';
import { readIndex } from '../image/read-image.ts';
import type { Store } from '../content/store.ts';
import { manifestUnknown, RegistryError } from './registry-error.ts';
import { imagesOf, imageWithTag, type ServedImage } from './repositories.ts';

/** The images of a repository. Throws NAME_UNKNOWN where there is none. */
export async function knownImages(store: Store, name: string): Promise<readonly ServedImage[]> {
  const images = imagesOf(await store.names.list(), name);
  if (images.length > 0) return images;
  const message = 'the store has no image of this name; "layerwright images" lists what it has';
  throw new RegistryError('NAME_UNKNOWN', message, { status: 404, detail: { name } });
}

/** The manifest or index that a tag or digest names. Throws NAME_UNKNOWN or MANIFEST_UNKNOWN. */
export async function findManifest(
  store: Store,
  name: string,
  reference: string,
  signal?: AbortSignal,
): Promise<Descriptor> {
  const found = isDigest(reference)
    ? await manifestWithDigest(store, name, reference, signal)
    : imageWithTag(await knownImages(store, name), reference)?.descriptor;
  if (found !== undefined && (await store.blobs.has(found, signal))) return found;
  throw manifestUnknown('the repository has no such manifest', { name, reference });
}

/** What the repository names, what has no name (pushed by digest, or built without a tag), and what their indexes list. */
async function manifestWithDigest(
  store: Store,
  name: string,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<Descriptor | undefined> {
  const stored = await store.names.list();
  const nameless = stored.filter(image => image.reference === undefined);
  const waiting = [...imagesOf(stored, name), ...nameless].map(image => image.descriptor);
  const seen = new Set<Digest>();
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    if (next.digest === digest) return next;
    if (seen.has(next.digest) || !isIndex(next.mediaType)) continue;
    seen.add(next.digest);
    if (!(await store.blobs.has(next, signal))) continue;
    waiting.push(...(await readIndex(store.blobs, next, signal)).manifests);
  }
  return undefined;
}
