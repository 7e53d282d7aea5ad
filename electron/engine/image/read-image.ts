import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import {
  invalid,
  parseImageConfig,
  parseIndex,
  parseManifest,
} from '../../../shared/oci/document.ts';
import type { Image } from '../../../shared/oci/image.ts';
import { pairLayers } from '../../../shared/oci/layer-chain.ts';
import type { Index, Manifest } from '../../../shared/oci/manifest.ts';
import { compressionOf, isImageConfig } from '../../../shared/oci/media-types.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { readDocument } from '../content/document-blob.ts';

/** An image as it stands in a store or registry. */
export interface StoredImage extends Image {
  /** Of the manifest. */
  readonly descriptor: Descriptor;
  readonly manifest: Manifest;
}

/**
 * Reads the image whose manifest `descriptor` names, with everything checked that can be without reading layers.
 * Throws image-invalid with the digest and the field, blob-missing or blob-mismatch.
 */
export async function readImage(
  blobs: BlobReader,
  descriptor: Descriptor,
  signal?: AbortSignal,
): Promise<StoredImage> {
  const manifest = await readManifest(blobs, descriptor, signal);
  checkMediaTypes(manifest, descriptor);
  const text = await readDocument(blobs, manifest.config, signal);
  const config = parseImageConfig(text, manifest.config.digest);
  return { descriptor, manifest, config, layersBaseFirst: pairLayers(manifest, config) };
}

/** Reads a manifest of any artifact. Throws image-invalid. */
export async function readManifest(
  blobs: BlobReader,
  descriptor: Descriptor,
  signal?: AbortSignal,
): Promise<Manifest> {
  return parseManifest(await readDocument(blobs, descriptor, signal), descriptor);
}

/** Reads an index. Throws image-invalid. */
export async function readIndex(
  blobs: BlobReader,
  descriptor: Descriptor,
  signal?: AbortSignal,
): Promise<Index> {
  return parseIndex(await readDocument(blobs, descriptor, signal), descriptor);
}

/** Only an image has this config and these layers; Helm charts, signatures and attestations have the same manifest. */
function checkMediaTypes(manifest: Manifest, { digest }: Descriptor): void {
  if (!isImageConfig(manifest.config.mediaType)) {
    throw invalid(
      digest,
      'config.mediaType',
      `is ${manifest.config.mediaType}, not an image config`,
    );
  }
  const wrong = manifest.layers.findIndex(layer => compressionOf(layer.mediaType) === undefined);
  if (wrong < 0) return;
  throw invalid(
    digest,
    `layers[${wrong}].mediaType`,
    `is ${manifest.layers[wrong]?.mediaType}, not a layer`,
  );
}
