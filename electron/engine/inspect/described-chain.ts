import type { Digest } from '../../../shared/oci/digest.ts';
import { layerChain, type ChainLink } from '../../../shared/oci/layer-chain.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { digestOf } from '../content/verified.ts';
import type { StoredImage } from '../image/read-image.ts';

/** What one entry of the history says, and the layer that it made; `S` is what is on record of a step of a build. */
export interface DescribedLink<S> {
  readonly facts: {
    readonly createdBy: string;
    readonly created?: string;
    readonly comment?: string;
  };
  readonly step?: S;
  readonly layer?: DescribedLayer;
}

/** A layer of a chain; sizes in bytes, `layerIndex` base first from 0. */
export interface DescribedLayer {
  readonly layerIndex: number;
  readonly mediaType: string;
  readonly size: number;
  readonly digest: Digest;
  readonly diffId: Digest;
  readonly chainId: Digest;
  /** `blobs` does not hold it: a foreign layer, or one that was not pulled. */
  readonly missing: boolean;
}

/** The chain of an image, base first, with the step that made each layer where `steps` (by diff ID) knows it. */
export async function describedChain<S>(
  { config, layersBaseFirst }: StoredImage,
  blobs: Pick<BlobReader, 'has'>,
  steps: ReadonlyMap<Digest, S> | undefined,
): Promise<readonly DescribedLink<S>[]> {
  const links: DescribedLink<S>[] = [];
  let layerIndex = 0;
  for (const link of layerChain(config.history, layersBaseFirst, digestOf)) {
    const { history, layer } = link;
    const step = layer && steps?.get(layer.diffId);
    links.push({
      facts: {
        createdBy: history.created_by ?? '',
        ...(history.created === undefined ? {} : { created: history.created }),
        ...(history.comment === undefined ? {} : { comment: history.comment }),
      },
      ...(step !== undefined && { step }),
      ...(layer && { layer: await describedLayer(layer, layerIndex++, blobs) }),
    });
  }
  return links;
}

async function describedLayer(
  { chainId, descriptor, diffId }: NonNullable<ChainLink['layer']>,
  layerIndex: number,
  blobs: Pick<BlobReader, 'has'>,
): Promise<DescribedLayer> {
  const { digest, mediaType, size } = descriptor;
  const missing = !(await blobs.has(descriptor));
  return { layerIndex, mediaType, size, digest, diffId, chainId, missing };
}
