import type { Digest } from '../../shared/oci/digest.ts';
import { layerChain, type ChainLink } from '../../shared/oci/layer-chain.ts';
import { formatPlatform } from '../../shared/oci/platform.ts';
import { platformOf } from '../../shared/oci/image.ts';
import type { BlobReader } from '../engine/content/blob-store.ts';
import { digestOf } from '../engine/content/verified.ts';
import type { StoredImage } from '../engine/image/read-image.ts';
import type { ImageProvenance } from '../engine/state/layer-provenance.ts';

/** An image with its chain of layers, base first, as `inspect --json` gives it. Sizes are in bytes. */
export interface ImageChain {
  readonly reference: string;
  readonly manifestDigest: Digest;
  readonly configDigest: Digest;
  readonly platform: string;
  readonly created?: string;
  readonly size: number;
  readonly layers: number;
  readonly links: readonly ImageChainLink[];
}

/** What one instruction made: a layer, or only a change of the config. */
export interface ImageChainLink {
  readonly createdBy: string;
  readonly created?: string;
  readonly comment?: string;
  /** Where the instruction stands, if a build of this image is on record. Lines count from 1. */
  readonly source?: { readonly dockerfile: string; readonly line: number };
  readonly layer?: {
    readonly layerIndex: number;
    readonly mediaType: string;
    readonly size: number;
    readonly digest: Digest;
    readonly diffId: Digest;
    readonly chainId: Digest;
    /** The store does not hold it: a foreign layer, or one that was not pulled. */
    readonly missing: boolean;
  };
}

/** An image, where its blobs are, and the build on record that made it. */
export interface ChainParts {
  /** As it was asked for. */
  readonly reference: string;
  readonly blobs: BlobReader;
  readonly stored: StoredImage;
  readonly provenance: ImageProvenance | undefined;
}

/** Reads the chain of an image. */
export async function readChain({
  reference,
  blobs,
  stored,
  provenance,
}: ChainParts): Promise<ImageChain> {
  const { config, descriptor, manifest, layersBaseFirst } = stored;
  const links: ImageChainLink[] = [];
  for (const link of layerChain(config.history, layersBaseFirst, digestOf)) {
    const layerIndex = links.filter(each => each.layer !== undefined).length;
    links.push(await linkOf(blobs, link, layerIndex, provenance));
  }
  return {
    reference,
    manifestDigest: descriptor.digest,
    configDigest: manifest.config.digest,
    platform: formatPlatform(platformOf(config)),
    ...(config.created === undefined ? {} : { created: config.created }),
    size: layersBaseFirst.reduce((sum, layer) => sum + layer.descriptor.size, 0),
    layers: layersBaseFirst.length,
    links,
  };
}

async function linkOf(
  blobs: BlobReader,
  { history, layer }: ChainLink,
  layerIndex: number,
  provenance: ImageProvenance | undefined,
): Promise<ImageChainLink> {
  const { created, comment } = history;
  const step = layer === undefined ? undefined : provenance?.steps.get(layer.diffId);
  const line = step === undefined ? undefined : step.range.start.line + 1;
  return {
    createdBy: history.created_by ?? '',
    ...(created === undefined ? {} : { created }),
    ...(comment === undefined ? {} : { comment }),
    ...(line === undefined || provenance === undefined
      ? {}
      : { source: { dockerfile: provenance.dockerfile, line } }),
    ...(layer === undefined ? {} : { layer: await layerOf(blobs, layer, layerIndex) }),
  };
}

async function layerOf(
  blobs: BlobReader,
  { chainId, descriptor, diffId }: NonNullable<ChainLink['layer']>,
  layerIndex: number,
): Promise<NonNullable<ImageChainLink['layer']>> {
  const { digest, mediaType, size } = descriptor;
  const missing = !(await blobs.has(descriptor));
  return { layerIndex, mediaType, size, digest, diffId, chainId, missing };
}
