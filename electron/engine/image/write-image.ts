import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { platformOf, type Image } from '../../../shared/oci/image.ts';
import type { Index, Manifest } from '../../../shared/oci/manifest.ts';
import { mediaTypes } from '../../../shared/oci/media-types.ts';
import type { BlobStore } from '../content/blob-store.ts';
import { writeDocument } from '../content/document-blob.ts';

/**
 * Writes the config and the manifest of an image whose layers are in the store already (or are foreign), and gives
 * the manifest's descriptor with its platform.
 *
 * The manifest is always OCI's, as BuildKit makes it: an image layout may only hold such ones (skopeo refuses
 * schema 2 in a layout). The base's layers keep their descriptors to the letter: media type, urls, annotations.
 * So an image on a Docker-typed base mixes both families of layer types; image-spec ("Compatibility Matrix") counts
 * them as interchangeable. BuildKit renames Docker's types instead; skopeo 1.9 needs that to convert an image to
 * schema 2 or docker-archive (our own export of a docker-archive does not).
 */
export async function writeImage(
  blobs: BlobStore,
  image: Image,
  annotations?: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Descriptor> {
  const config = await writeDocument(blobs, mediaTypes.ociConfig, image.config, signal);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config,
    layers: image.layersBaseFirst.map(layer => layer.descriptor),
    ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
  };
  const descriptor = await writeDocument(blobs, mediaTypes.ociManifest, manifest, signal);
  return { ...descriptor, platform: platformOf(image.config) };
}

/** Writes an index over images; each descriptor needs its platform, as `writeImage` gives it. */
export async function writeIndex(
  blobs: BlobStore,
  images: readonly Descriptor[],
  annotations?: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Descriptor> {
  const index: Index = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: [...images],
    ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
  };
  return writeDocument(blobs, mediaTypes.ociIndex, index, signal);
}
