import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { BlobStore } from '../../../../electron/engine/content/blob-store.ts';
import { digestOf } from '../../../../electron/engine/content/verified.ts';
import { writeImage } from '../../../../electron/engine/image/write-image.ts';
import type { Descriptor, Platform } from '../../../../shared/oci/descriptor.ts';
import { appendLayer, emptyImage, withConfig, type Image } from '../../../../shared/oci/image.ts';
import type { ImageLayer } from '../../../../shared/oci/layer-chain.ts';
import { mediaTypes } from '../../../../shared/oci/media-types.ts';
import { bytesOf, collect } from '../content/helpers.ts';

export const windows2022: Platform = {
  architecture: 'amd64',
  os: 'windows',
  'os.version': '10.0.20348.2700',
};

/** A layer's tar with one file `Files/<name>`. */
export async function layerTar(name: string, content = name): Promise<Buffer> {
  const tar = pack();
  const mtime = new Date(0);
  tar.entry({ name: 'Files', type: 'directory', mtime });
  tar.entry({ name: `Files/${name}`, mtime }, content);
  tar.finalize();
  return collect(tar as AsyncIterable<Uint8Array>);
}

/** Stores a layer packed with gzip; with a foreign type it gets a URL as well. */
export async function storeLayer(
  blobs: BlobStore,
  name: string,
  mediaType: string = mediaTypes.ociLayerGzip,
): Promise<ImageLayer> {
  const tar = await layerTar(name);
  const packed = mediaType === mediaTypes.ociLayer ? tar : gzipSync(tar);
  const descriptor: Descriptor = { mediaType, digest: digestOf(packed), size: packed.byteLength };
  await blobs.write(descriptor, bytesOf(packed));
  return { descriptor, diffId: digestOf(tar) };
}

export async function newImage(
  blobs: BlobStore,
  names: readonly string[],
  platform: Platform = windows2022,
): Promise<Image> {
  let image = emptyImage(platform);
  for (const name of names) {
    image = appendLayer(image, await storeLayer(blobs, name), { created_by: `COPY ${name}` });
  }
  return withConfig(
    image,
    config => ({ ...config, created: '2024-01-01T00:00:00Z', config: { Cmd: ['cmd'] } }),
    { created_by: 'CMD ["cmd"]' },
  );
}

export async function storeImage(
  blobs: BlobStore,
  names: readonly string[],
  platform?: Platform,
): Promise<Descriptor> {
  return writeImage(blobs, await newImage(blobs, names, platform));
}
