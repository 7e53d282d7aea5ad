import { AppError } from '../../../shared/failure.ts';
import type { PlannedStep } from '../../../shared/ipc/build-events.ts';
import type {
  ChainLayerView,
  ChainLinkView,
  ImageDetail,
  LayerOrigin,
} from '../../../shared/ipc/image-views.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { imageSizes } from '../../engine/content/image-sizes.ts';
import { thisHost } from '../../engine/catalogue/host.ts';
import type { Store } from '../../engine/content/store.ts';
import { bestForHost } from '../../engine/image/choose-for-host.ts';
import { readImage, type StoredImage } from '../../engine/image/read-image.ts';
import { listPresentImages } from '../../engine/image/select-image.ts';
import {
  describedChain,
  type DescribedLayer,
  type DescribedLink,
} from '../../engine/inspect/described-chain.ts';
import type { LayerIndexes } from '../../engine/layer/layer-indexes.ts';
import { imageProvenance } from '../../engine/state/layer-provenance.ts';
import type { State } from '../../engine/state/state.ts';
import { shownName, summaryOf } from './image-list.ts';

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
  const links = await describedChain(image, store.blobs, provenance?.steps);
  const context: LinkContext = { sources, holders, reference: summary.reference };
  return {
    summary: { ...summary, reference },
    links: await Promise.all(
      links.map(async (link, position) => linkView(link, position, context)),
    ),
    configJson: JSON.stringify(image.config, undefined, 2),
    manifestJson: JSON.stringify(image.manifest, undefined, 2),
  };
}

interface LinkContext {
  readonly sources: ImageSources;
  /** References by the digest of a layer that they hold. */
  readonly holders: ReadonlyMap<Digest, readonly string[]>;
  /** Of the image that is shown. */
  readonly reference: string;
}

async function linkView(
  { facts, step, layer }: DescribedLink<PlannedStep>,
  position: number,
  context: LinkContext,
): Promise<ChainLinkView> {
  return {
    position,
    ...facts,
    ...(step === undefined ? {} : { dockerfileLine: step.range.start.line }),
    ...(layer && {
      layer: await layerView(layer, context, originOf(layer, facts.createdBy, step !== undefined)),
    }),
  };
}

async function layerView(
  { size, ...layer }: DescribedLayer,
  { sources, holders, reference }: LinkContext,
  origin: LayerOrigin,
): Promise<ChainLayerView> {
  const index = await sources.indexes.peek(layer.diffId);
  const sharedWith = (holders.get(layer.digest) ?? []).filter(other => other !== reference);
  return {
    ...layer,
    compressedSize: size,
    ...(index === undefined
      ? {}
      : { uncompressedSize: index.uncompressedSize, files: index.count }),
    origin,
    sharedWith,
  };
}

/** Microsoft's bases have one layer with the release, and on it one per update, whose history says so. */
function originOf({ layerIndex }: DescribedLayer, createdBy: string, isOurs: boolean): LayerOrigin {
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
        const reference = shownName(named);
        if (!references.includes(reference)) holders.set(layer.digest, [...references, reference]);
      }
    }
  }
  return holders;
}
