import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isDigest } from '../../../shared/oci/digest.ts';
import { changeIndexFile, nameOf } from '../content/image-names.ts';
import type { Store } from '../content/store.ts';
import { emptyReply, type Exchange, type RegistryState, type Reply } from './exchange.ts';
import { findManifest, knownImages } from './find-manifest.ts';
import { manifestUnknown, RegistryError } from './registry-error.ts';
import { imagesOf, imageWithTag } from './repositories.ts';

interface Place {
  readonly name: string;
  /** A tag or a digest. */
  readonly reference: string;
}

/** GET and HEAD of a manifest or index, in the very bytes that came. */
export async function getManifest(
  { store }: RegistryState,
  { name, reference }: Place,
  { headers, signal }: Exchange,
): Promise<Reply> {
  const manifest = await findManifest(store, name, reference, signal);
  const { mediaType, digest, size } = manifest;
  if (!accepts(headers.accept, mediaType)) {
    // 404 as docker-registry does: old clients then say that the image is not for them.
    throw manifestUnknown(`the manifest is ${mediaType}, which the Accept header leaves out`, {
      name,
      reference,
    });
  }
  return {
    status: 200,
    headers: {
      'content-type': mediaType,
      'content-length': size,
      'docker-content-digest': digest,
      etag: `"${digest}"`,
    },
    body: store.blobs.read(manifest, signal),
  };
}

/** Removes a tag, or by digest every tag that the repository has for it. The content goes with the next collection. */
export async function deleteManifest(
  { store }: RegistryState,
  { name, reference }: Place,
  { signal }: Exchange,
): Promise<Reply> {
  const isDoomed = isDigest(reference)
    ? await entriesWithDigest(store, { name, reference }, signal)
    : await entryWithTag(store, { name, reference });
  using _ = await store.lock.names(signal);
  await changeIndexFile(store.dir, entries => entries.filter(entry => !isDoomed(entry)));
  return emptyReply(202);
}

type Doomed = (entry: Descriptor) => boolean;

async function entryWithTag(store: Store, { name, reference }: Place): Promise<Doomed> {
  const image = imageWithTag(await knownImages(store, name), reference);
  if (image === undefined) throw manifestUnknown('the repository has no such tag', { reference });
  return entry => nameOf(entry) === image.storedName;
}

async function entriesWithDigest(
  store: Store,
  { name, reference }: Place,
  signal: AbortSignal,
): Promise<Doomed> {
  const { digest } = await findManifest(store, name, reference, signal);
  const stored = await store.names.list();
  const own = imagesOf(stored, name).map(image => image.storedName);
  const names = new Set<string | undefined>([...own, undefined]);
  const isDoomed: Doomed = entry => entry.digest === digest && names.has(nameOf(entry));
  if (stored.some(image => image.descriptor.digest === digest && names.has(image.reference))) {
    return isDoomed;
  }
  const message = 'this image is part of an index; delete that';
  throw new RegistryError('UNSUPPORTED', message, { status: 405, detail: { reference } });
}

/** Whether an Accept header takes a type; without a header everything is taken. */
function accepts(header: string | undefined, mediaType: string): boolean {
  if (header === undefined || header.trim() === '') return true;
  const types = header.split(',').map(part => part.split(';')[0]?.trim().toLowerCase());
  return [mediaType, '*/*', 'application/*'].some(type => types.includes(type));
}
