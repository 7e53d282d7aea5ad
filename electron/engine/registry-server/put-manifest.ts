import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isDigest, type Digest } from '../../../shared/oci/digest.ts';
import { parseImageConfig, parseIndex, parseManifest } from '../../../shared/oci/document.ts';
import { platformOf } from '../../../shared/oci/image.ts';
import { documentLimit, type Index, type Manifest } from '../../../shared/oci/manifest.ts';
import { isForeign, isImageConfig, isIndex, isManifest } from '../../../shared/oci/media-types.ts';
import { AppError } from '../../../shared/failure.ts';
import { once, type Bytes } from '../content/bytes.ts';
import { readDocument } from '../content/document-blob.ts';
import { changeIndexFile, nameOf } from '../content/image-names.ts';
import type { Store } from '../content/store.ts';
import { digestOf } from '../content/verified.ts';
import { emptyReply, type Exchange, type RegistryState, type Reply } from './exchange.ts';
import { manifestInvalid, RegistryError } from './registry-error.ts';
import { storedName } from './repositories.ts';
import { checkedTag } from './route.ts';

/** Takes a manifest or index whose blobs are here, and names it (distribution-spec, "Pushing Manifests"). */
export async function putManifest(
  { store, lease }: RegistryState,
  { name, reference }: { readonly name: string; readonly reference: string },
  exchange: Exchange,
): Promise<Reply> {
  const { query, signal } = exchange;
  const byDigest = isDigest(reference);
  const tags = byDigest ? query.getAll('tag').map(checkedTag) : [reference];
  const { descriptor, document, bytes } = await readPushed(exchange);
  if (byDigest && reference !== descriptor.digest) throw wrongDigest(reference, descriptor.digest);
  await checkBlobs(store, document, signal);

  await lease.hold(descriptor.digest);
  await store.blobs.write(descriptor, once(bytes), signal);
  const image = await withPlatform(store, descriptor, document, signal);
  const names = tags.length === 0 ? [undefined] : tags.map(tag => storedName(name, tag));
  for (const each of names) await store.names.set(each, image, signal);
  const parts = partsOf(document).map(part => part.digest);
  if (isIndex(descriptor.mediaType)) await forgetNameless(store, new Set(parts), signal);
  lease.letGo([descriptor.digest, ...parts]);

  return emptyReply(201, {
    location: `/v2/${name}/manifests/${descriptor.digest}`,
    'docker-content-digest': descriptor.digest,
    ...(document.subject === undefined ? {} : { 'oci-subject': document.subject.digest }),
    ...(byDigest && tags.length > 0 ? { 'oci-tag': tags.join(', ') } : {}),
  });
}

interface Pushed {
  readonly descriptor: Descriptor;
  readonly document: Manifest | Index;
  readonly bytes: Uint8Array;
}

async function readPushed({ headers, body }: Exchange): Promise<Pushed> {
  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (!isIndex(mediaType) && !isManifest(mediaType)) {
    throw manifestInvalid(`"${mediaType}" is not the type of a manifest or index`);
  }
  if (Number(headers['content-length'] ?? 0) > documentLimit) throw tooLarge();
  const bytes = await readAll(body);
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
  const text = Buffer.from(bytes).toString('utf8');
  try {
    const parse = isIndex(mediaType) ? parseIndex : parseManifest;
    return { descriptor, bytes, document: parse(text, descriptor) };
  } catch (error) {
    const failure = error instanceof AppError ? error.failure : undefined;
    if (failure?.code !== 'image-invalid') throw error;
    throw manifestInvalid(`${failure.field}: ${failure.problem}`);
  }
}

async function readAll(body: Bytes): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > documentLimit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What the document needs to be here. */
function partsOf(document: Manifest | Index): readonly Descriptor[] {
  return isIndexDocument(document) ? document.manifests : [document.config, ...document.layers];
}

async function checkBlobs(
  store: Store,
  document: Manifest | Index,
  signal: AbortSignal,
): Promise<void> {
  const missing: Digest[] = [];
  for (const part of partsOf(document)) {
    const elsewhere = isForeign(part.mediaType) && (part.urls?.length ?? 0) > 0;
    if (!elsewhere && !(await store.blobs.has(part, signal))) missing.push(part.digest);
  }
  if (missing.length === 0) return;
  const message = `push these first, with the size that the manifest says: ${missing.slice(0, 20).join(', ')}`;
  const detail = missing.map(digest => ({ digest }));
  throw new RegistryError('MANIFEST_BLOB_UNKNOWN', message, { status: 404, detail });
}

/** The store's lists show an image's platform without reading its config. Other artifacts have none. */
async function withPlatform(
  store: Store,
  descriptor: Descriptor,
  document: Manifest | Index,
  signal: AbortSignal,
): Promise<Descriptor> {
  if (isIndexDocument(document) || !isImageConfig(document.config.mediaType)) return descriptor;
  try {
    const text = await readDocument(store.blobs, document.config, signal);
    return { ...descriptor, platform: platformOf(parseImageConfig(text, document.config.digest)) };
  } catch (error) {
    const failure = error instanceof AppError ? error.failure : undefined;
    if (failure?.code !== 'image-invalid') throw error;
    throw manifestInvalid(`its config is no image config: ${failure.field}: ${failure.problem}`);
  }
}

/** The images of an index are pushed before it, by digest; now the index keeps them. */
async function forgetNameless(
  store: Store,
  children: ReadonlySet<Digest>,
  signal: AbortSignal,
): Promise<void> {
  using _ = await store.lock.names(signal);
  await changeIndexFile(store.dir, entries =>
    entries.filter(entry => nameOf(entry) !== undefined || !children.has(entry.digest)),
  );
}

function isIndexDocument(document: Manifest | Index): document is Index {
  return 'manifests' in document;
}

function wrongDigest(asked: string, actual: string): RegistryError {
  const message = `the content has the digest ${actual}`;
  return new RegistryError('DIGEST_INVALID', message, { status: 400, detail: { digest: asked } });
}

function tooLarge(): RegistryError {
  const message = `a manifest has at most ${documentLimit} bytes`;
  return new RegistryError('SIZE_INVALID', message, { status: 413 });
}
