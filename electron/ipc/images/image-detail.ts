import { AppError } from '../../../shared/failure.ts';
import type {
  ChainLayerView,
  ChainLinkView,
  ImageDetail,
  LayerOrigin,
} from '../../../shared/ipc/image-views.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { layerChain, type ChainLink } from '../../../shared/oci/layer-chain.ts';
import { imageSizes } from '../../engine/content/image-sizes.ts';
import { digestOf } from '../../engine/content/verified.ts';
import { thisHost } from '../../engine/catalogue/host.ts';
import type { Store } from '../../engine/content/store.ts';
import { bestForHost } from '../../engine/image/choose-for-host.ts';
import { readImage, type StoredImage } from '../../engine/image/read-image.ts';
import { listPresentImages } from '../../engine/image/select-image.ts';
import type { LayerIndexes } from '../../engine/layer/layer-indexes.ts';
import { imageProvenance, type ImageProvenance } from '../../engine/state/layer-provenance.ts';
import type { State } from '../../engine/state/state.ts';
import { shownReference, summaryOf } from './image-list.ts';

/** Where the parts of a picture of an image come from. */
export interface ImageSources {
  readonly store: Store;
  readonly state: State;
  readonly indexes: LayerIndexes;
}

/**
 * Reads the image that a reference names; of an index the one that suits this host best, of those that are here.
 * Throws `image-missing`, `blob-missing` or `image-invalid`.
 */
export async function findImage(
  store: Store,
  reference: string,
  signal?: AbortSignal,
): Promise<StoredImage> {
  const descriptor = await store.names.resolve(reference);
  const [first, ...others] = await listPresentImages(store.blobs, descriptor, signal);
  const chosen = first === undefined ? undefined : bestForHost([first, ...others], thisHost());
  return await readImage(store.blobs, chosen?.descriptor ?? descriptor, signal);
}

/** The whole chain of an image, base first, with where each layer comes from. */
export async function imageDetail(
  sources: ImageSources,
  reference: string,
  signal?: AbortSignal,
): Promise<ImageDetail> {
  const { store, state } = sources;
  const image = await findImage(store, reference, signal);
  const { digest: named } = await store.names.resolve(reference);
  const sized = (await imageSizes(store, signal)).find(each => each.descriptor.digest === named);
  const summary = sized && (await summaryOf(store, sized, signal));
  if (summary === undefined) throw new AppError({ code: 'image-missing', reference });
  const provenance = await imageProvenance(state, image.descriptor.digest);
  const holders = await layerHolders(store, signal);
  const links = layerChain(image.config.history, image.layersBaseFirst, digestOf);
  const context: LinkContext = { sources, provenance, holders, reference: summary.reference };
  return {
    summary: { ...summary, reference },
    links: await linkViews(links, context),
    configJson: JSON.stringify(image.config, undefined, 2),
    manifestJson: JSON.stringify(image.manifest, undefined, 2),
  };
}

interface LinkContext {
  readonly sources: ImageSources;
  readonly provenance: ImageProvenance | undefined;
  /** References by the digest of a layer that they hold. */
  readonly holders: ReadonlyMap<Digest, readonly string[]>;
  /** Of the image that is shown. */
  readonly reference: string;
}

async function linkViews(
  links: readonly ChainLink[],
  context: LinkContext,
): Promise<ChainLinkView[]> {
  const views: ChainLinkView[] = [];
  let layerIndex = 0;
  for (const [position, { history, layer }] of links.entries()) {
    const step = layer === undefined ? undefined : context.provenance?.steps.get(layer.diffId);
    views.push({
      position,
      createdBy: history.created_by ?? '',
      ...(history.created === undefined ? {} : { created: history.created }),
      ...(history.comment === undefined ? {} : { comment: history.comment }),
      ...(step === undefined ? {} : { dockerfileLine: step.range.start.line }),
      ...(layer === undefined
        ? {}
        : {
            layer: await layerView(layer, layerIndex++, {
              ...context,
              origin: originOf(layerIndex - 1, history.created_by ?? '', step !== undefined),
            }),
          }),
    });
  }
  return views;
}

async function layerView(
  { descriptor, diffId, chainId }: NonNullable<ChainLink['layer']>,
  layerIndex: number,
  context: LinkContext & { readonly origin: LayerOrigin },
): Promise<ChainLayerView> {
  const { sources, holders, reference, origin } = context;
  const index = await sources.indexes.peek(diffId);
  const sharedWith = (holders.get(descriptor.digest) ?? []).filter(other => other !== reference);
  return {
    layerIndex,
    digest: descriptor.digest,
    diffId,
    chainId,
    mediaType: descriptor.mediaType,
    compressedSize: descriptor.size,
    ...(index === undefined
      ? {}
      : { uncompressedSize: index.uncompressedSize, files: index.count }),
    origin,
    sharedWith,
    missing: !(await sources.store.blobs.has(descriptor)),
  };
}

/** Microsoft's bases have one layer with the release, and on it one per update, whose history says so. */
function originOf(layerIndex: number, createdBy: string, isOurs: boolean): LayerOrigin {
  if (isOurs) return 'yours';
  if (layerIndex === 0) return 'base';
  return /^Install update /i.test(createdBy) ? 'base-update' : 'parent-image';
}

async function layerHolders(
  store: Store,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<Digest, readonly string[]>> {
  const holders = new Map<Digest, string[]>();
  for (const named of await store.names.list()) {
    for (const { descriptor } of await listPresentImages(store.blobs, named.descriptor, signal)) {
      for (const layer of (await readImage(store.blobs, descriptor, signal)).manifest.layers) {
        const references = holders.get(layer.digest) ?? [];
        const reference = shownReference(named);
        if (!references.includes(reference)) holders.set(layer.digest, [...references, reference]);
      }
    }
  }
  return holders;
}
