import { createHash } from 'node:crypto';
import { invalid } from '../../../shared/oci/document.ts';
import { digestHex, sha256Digest, type Digest } from '../../../shared/oci/digest.ts';
import type { ImageLayer } from '../../../shared/oci/layer-chain.ts';
import { compressionOf } from '../../../shared/oci/media-types.ts';
import { familiarReference, parseReference } from '../../../shared/oci/reference.ts';
import type { BlobReader } from '../content/blob-store.ts';
import type { Bytes } from '../content/bytes.ts';
import type { NamedImage } from '../content/image-names.ts';
import type { TransferOptions } from './export-layout.ts';
import { counted } from './progress.ts';
import { readImage, type StoredImage } from './read-image.ts';
import { tarBytes, textFile, writeAside, type TarFile } from './tar-output.ts';
import { unpacked } from './unpacked.ts';

/**
 * Writes images as `docker save` does: `manifest.json`, one config per image, and each layer unpacked as
 * `<diff ID>.tar` (moby image spec v1.2, "Combined Image JSON + Filesystem Changeset Format").
 *
 * A tar needs the size of a file before its content, so each packed layer is unpacked twice, once to measure and
 * check it: that costs time, but no disk space. Throws image-invalid where a layer is not what its config says.
 */
export async function exportDockerArchive(
  blobs: BlobReader,
  images: readonly NamedImage[],
  path: string,
  options: TransferOptions = {},
): Promise<void> {
  await writeAside(path, tarBytes(dockerFiles(blobs, images, options)), options.signal);
}

async function* dockerFiles(
  blobs: BlobReader,
  named: readonly NamedImage[],
  options: TransferOptions,
): AsyncGenerator<TarFile> {
  const tags = Map.groupBy(named, image => image.descriptor.digest);
  const images: StoredImage[] = [];
  for (const [image] of tags.values()) {
    if (image !== undefined) images.push(await readImage(blobs, image.descriptor, options.signal));
  }
  const entries = images.map(image =>
    manifestEntry(image, tags.get(image.descriptor.digest) ?? []),
  );
  yield textFile('manifest.json', JSON.stringify(entries));
  for (const config of new Map(
    images.map(each => [each.manifest.config.digest, each.manifest.config]),
  ).values()) {
    yield {
      name: configName(config.digest),
      size: config.size,
      content: blobs.read(config, options.signal),
    };
  }
  const layers = new Map(
    images.flatMap(image => image.layersBaseFirst).map(each => [each.diffId, each]),
  );
  for (const layer of layers.values()) yield layerFile(blobs, layer, options);
}

async function layerFile(
  blobs: BlobReader,
  layer: ImageLayer,
  { onProgress, signal }: TransferOptions,
): Promise<TarFile> {
  const { digest, size } = layer.descriptor;
  const packed = () => blobs.read(layer.descriptor, signal);
  const told = { blob: digest, total: size };
  return {
    name: layerName(layer.diffId),
    size: await measure(layer, unpackedLayer(layer, packed())),
    content: unpackedLayer(layer, counted(told, packed(), onProgress)),
  };
}

function unpackedLayer({ descriptor }: ImageLayer, packed: Bytes): Bytes {
  const compression = compressionOf(descriptor.mediaType) ?? 'none';
  return unpacked(packed, compression, problem => invalid(descriptor.digest, 'layer', problem));
}

/** The unpacked size in bytes. Throws image-invalid unless the unpacked layer is what the config says. */
async function measure({ descriptor, diffId }: ImageLayer, content: Bytes): Promise<number> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    size += chunk.byteLength;
  }
  const actual = sha256Digest(hash.digest('hex'));
  if (actual === diffId) return size;
  const problem = `the unpacked layer is ${actual}, not ${diffId}`;
  throw invalid(descriptor.digest, 'rootfs.diff_ids', problem);
}

function manifestEntry(image: StoredImage, named: readonly NamedImage[]): object {
  const references = named.flatMap(each => (each.reference === undefined ? [] : [each.reference]));
  return {
    Config: configName(image.manifest.config.digest),
    RepoTags: references.map(reference => familiarReference(parseReference(reference))),
    Layers: image.layersBaseFirst.map(layer => layerName(layer.diffId)),
  };
}

function configName(digest: Digest): string {
  return `${digestHex(digest)}.json`;
}

function layerName(diffId: Digest): string {
  return `${digestHex(diffId)}.tar`;
}
