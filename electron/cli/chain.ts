import type { Digest } from '../../shared/oci/digest.ts';
import { formatPlatform } from '../../shared/oci/platform.ts';
import { platformOf } from '../../shared/oci/image.ts';
import type { BlobReader } from '../engine/content/blob-store.ts';
import type { StoredImage } from '../engine/image/read-image.ts';
import { describedChain, type DescribedLayer } from '../engine/inspect/described-chain.ts';
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
  /** `missing`: the store does not hold it. */
  readonly layer?: DescribedLayer;
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
  const described = await describedChain(stored, blobs, provenance?.steps);
  const links = described.map(({ facts, step, layer }) => ({
    ...facts,
    ...(step === undefined || provenance === undefined
      ? {}
      : { source: { dockerfile: provenance.dockerfile, line: step.range.start.line + 1 } }),
    ...(layer && { layer }),
  }));
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
