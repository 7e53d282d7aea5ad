import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { ImageLayer } from '../../../shared/oci/layer-chain.ts';
import { isForeign, isIndex, isManifest } from '../../../shared/oci/media-types.ts';
import { formatPlatform } from '../../../shared/oci/platform.ts';
import {
  formatReference,
  parseReference,
  withDefaultTag,
  type ImageReference,
} from '../../../shared/oci/reference.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { reachable } from '../content/graph.ts';
import { keptBytes } from '../content/partial-downloads.ts';
import { readImage } from '../image/read-image.ts';
import { listImages } from '../image/select-image.ts';
import type { LayerIndexes } from '../layer/layer-indexes.ts';
import type { RegistryReader } from '../registry/registry-client.ts';
import type { BlobOrigins } from './blob-origins.ts';
import { sourcesOf } from './blob-sources.ts';
import { checkDiskSpace } from './disk-space.ts';
import { chooseImages, type Chosen } from './offer.ts';
import { indexBehind } from './index-behind.ts';
import { blobTeller } from './progress.ts';
import { remoteDocuments, type RemoteSources } from './remote-documents.ts';
import { sideBySide } from './side-by-side.ts';
import type { PullOptions, PullResult } from './transfers.ts';

/** What a pull needs. */
export interface PullDeps extends RemoteSources {
  readonly origins: BlobOrigins;
  readonly indexes: LayerIndexes;
  /** Blobs that are downloaded at a time. */
  readonly parallel: number;
}

/**
 * Pulls an image. The tag is resolved once; all else is fetched by digest, so that a tag that moves meanwhile does no
 * harm. Of an index, the store keeps the index itself under the name, as containerd's image store does: so its digest
 * is the registry's, and further images of it can be pulled later. The images that were not chosen are just not there.
 */
export async function pullImage(
  text: string,
  deps: PullDeps,
  options: PullOptions,
): Promise<PullResult> {
  const { store, origins } = deps;
  const { onEvent, signal } = options;
  const named = withDefaultTag(parseReference(text));
  const reference = formatReference(named);
  using _ = await store.lock.shared(signal);
  onEvent?.({ kind: 'resolving', reference });
  const descriptor = await resolveRemote(named, deps, signal);
  const documents = remoteDocuments(deps, named);
  const candidates = await listImages(documents, descriptor, signal);
  const offer = { reference, isIndex: isIndex(descriptor.mediaType), candidates };
  const chosen = chooseImages(offer, options.choice);
  const { considered } = chosen;
  onEvent?.({ kind: 'resolved', reference, digest: descriptor.digest, considered });
  const content = await contentOf(documents, descriptor, chosen, options);
  const brought = await fetchContent(named, content, deps, options);
  origins.record(named, [...content.blobs.keys()]);
  const upToDate = brought.bytes === 0 && (await isNamed(deps, reference, descriptor.digest));
  if (!upToDate) await store.names.set(reference, descriptor, signal);
  return {
    reference,
    descriptor,
    images: chosen.images.map(image => ({
      digest: image.descriptor.digest,
      platform: formatPlatform(image.platform),
    })),
    considered,
    upToDate,
    fetchedBytes: brought.bytes,
    skipped: brought.skipped,
  };
}

/** The manifest or index that a reference names in its registry. What the store has is not fetched again. */
async function resolveRemote(
  named: ImageReference,
  { client, store }: { readonly client: RegistryReader; readonly store: PullDeps['store'] },
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  const asked = named.digest ?? named.tag ?? 'latest';
  const head = await client.headManifest(named, asked, signal);
  if (head !== undefined && (await store.blobs.has(head, signal))) return head;
  const { bytes, descriptor } = await client.manifest(named, head?.digest ?? asked, signal);
  if (!isIndex(descriptor.mediaType) && !isManifest(descriptor.mediaType)) {
    throw new AppError({
      code: 'image-invalid',
      digest: descriptor.digest,
      field: 'mediaType',
      problem: `is ${descriptor.mediaType}, which is neither an image nor an index`,
    });
  }
  await store.blobs.write(descriptor, once(bytes), signal);
  return descriptor;
}

interface Content {
  /** All but manifests and indexes, each once. */
  readonly blobs: ReadonlyMap<Digest, Descriptor>;
  readonly layers: ReadonlyMap<Digest, ImageLayer>;
}

async function contentOf(
  documents: BlobReader,
  descriptor: Descriptor,
  { images }: Chosen,
  { choice, signal }: PullOptions,
): Promise<Content> {
  const layers = new Map<Digest, ImageLayer>();
  const blobs = new Map<Digest, Descriptor>();
  for (const { descriptor: manifest } of images) {
    const image = await readImage(documents, manifest, signal);
    blobs.set(image.manifest.config.digest, image.manifest.config);
    for (const layer of image.layersBaseFirst) {
      layers.set(layer.descriptor.digest, layer);
      blobs.set(layer.descriptor.digest, layer.descriptor);
    }
  }
  if (choice.kind !== 'all') return { blobs, layers };
  // Attestations as well: an index with everything in it can be pushed and bundled.
  const all = await reachable(documents, [descriptor], { skipMissing: false }, signal);
  for (const [digest, blob] of all) {
    if (!isManifest(blob.mediaType) && !isIndex(blob.mediaType)) blobs.set(digest, blob);
  }
  return { blobs, layers };
}

interface Brought {
  readonly bytes: number;
  readonly skipped: readonly Descriptor[];
}

async function fetchContent(
  named: ImageReference,
  { blobs, layers }: Content,
  deps: PullDeps,
  options: PullOptions,
): Promise<Brought> {
  const { store } = deps;
  const { onEvent, signal } = options;
  const wanted = [...blobs.values()];
  let needed = 0;
  const planned = [];
  for (const { digest, mediaType, size } of wanted) {
    const blob = { digest, mediaType, size };
    const isHere = await store.blobs.has(blob, signal);
    const isLeftOut = isForeign(mediaType) && options.foreign === 'skip';
    const current = isHere ? size : Math.min(await keptBytes(store, digest), size);
    if (!isHere && !isLeftOut) needed += size - current;
    planned.push({ digest, mediaType, total: size, current, state: 'waiting' as const });
  }
  onEvent?.({ kind: 'planned', blobs: planned });
  await checkDiskSpace(store.dir, needed);
  const fetched = await sideBySide(
    wanted,
    deps.parallel,
    async (blob, turn, stop) => {
      const tell = blobTeller(blob, onEvent);
      const note = (text: string) => onEvent?.({ kind: 'note', text });
      const sources = sourcesOf(deps.client, named, blob, options.foreign ?? 'urls');
      const layer = options.indexLayers === true ? layers.get(blob.digest) : undefined;
      const indexing = layer && indexBehind(layer, deps.indexes);
      const one = await turn(async () => {
        if (sources.length === 0 && !(await store.blobs.has(blob, stop))) return undefined;
        const onContent = indexing?.onContent;
        return await deps.fetchBlob(blob, sources, { tell, note, onContent, signal: stop });
      });
      if (one !== undefined && indexing !== undefined) await indexing.finish(tell, stop);
      tell({ state: 'done', current: blob.size, outcome: one?.outcome ?? 'skipped' });
      return one;
    },
    signal,
  );
  return {
    bytes: fetched.reduce((sum, one) => sum + (one?.bytes ?? 0), 0),
    skipped: wanted.filter((_, at) => fetched[at] === undefined),
  };
}

async function isNamed({ store }: PullDeps, reference: string, digest: Digest): Promise<boolean> {
  const images = await store.names.list();
  return images.some(each => each.reference === reference && each.descriptor.digest === digest);
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
