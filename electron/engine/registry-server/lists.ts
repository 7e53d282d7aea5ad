import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { emptyIndex } from '../content/layout.ts';
import { isIndex, isManifest, mediaTypes } from '../../../shared/oci/media-types.ts';
import type { Manifest } from '../../../shared/oci/manifest.ts';
import { readIndex, readManifest } from '../image/read-image.ts';
import type { Store } from '../content/store.ts';
import { jsonReply, type Exchange, type RegistryState, type Reply } from './exchange.ts';
import { knownImages } from './find-manifest.ts';
import { pageOf } from './page.ts';
import { imagesOf, repositoryNames } from './repositories.ts';

/** All repositories, as distribution's `GET /v2/_catalog` lists them. */
export async function listRepositories(
  { store }: RegistryState,
  { path, query }: Exchange,
): Promise<Reply> {
  const { items, link } = pageOf(repositoryNames(await store.names.list()), path, query);
  return jsonReply({ repositories: items }, linkHeader(link));
}

/** The tags of a repository (distribution-spec, "Listing Tags"). */
export async function listTags(
  { store }: RegistryState,
  name: string,
  { path, query }: Exchange,
): Promise<Reply> {
  const images = await knownImages(store, name);
  const tags = new Set(images.flatMap(({ tag }) => (tag === undefined ? [] : [tag])));
  const { items, link } = pageOf(tags, path, query);
  return jsonReply({ name, tags: items }, linkHeader(link));
}

/** What refers to an image: signatures, attestations (distribution-spec, "Listing Referrers"). */
export async function listReferrers(
  { store }: RegistryState,
  { name, digest }: { readonly name: string; readonly digest: Digest },
  { query, signal }: Exchange,
): Promise<Reply> {
  const wanted = query.get('artifactType');
  const stored = await store.names.list();
  const entries = [
    ...imagesOf(stored, name),
    ...stored.filter(image => image.reference === undefined),
  ];
  const manifests = new Map<Digest, Descriptor>();
  for (const { descriptor } of entries) {
    const referrer = await referrerTo(store, descriptor, digest, signal);
    const fits = wanted === null || referrer?.artifactType === wanted;
    if (referrer !== undefined && fits) manifests.set(referrer.digest, referrer);
  }
  return jsonReply(
    { ...emptyIndex, manifests: [...manifests.values()] },
    {
      'content-type': mediaTypes.ociIndex,
      ...(wanted === null ? {} : { 'oci-filters-applied': 'artifactType' }),
    },
  );
}

async function referrerTo(
  store: Store,
  descriptor: Descriptor,
  subject: Digest,
  signal: AbortSignal,
): Promise<Descriptor | undefined> {
  const { mediaType, digest, size } = descriptor;
  const known = isIndex(mediaType) || isManifest(mediaType);
  if (!known || !(await store.blobs.has(descriptor, signal))) return undefined;
  const read = isIndex(mediaType) ? readIndex : readManifest;
  const document = await read(store.blobs, descriptor, signal);
  if (document.subject?.digest !== subject) return undefined;
  const artifactType = document.artifactType || configType(document);
  return {
    mediaType,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(document.annotations === undefined ? {} : { annotations: document.annotations }),
  };
}

function configType(document: object | Manifest): string | undefined {
  return 'config' in document ? document.config.mediaType : undefined;
}

function linkHeader(link: string | undefined): Record<string, string> {
  return link === undefined ? {} : { link };
}
