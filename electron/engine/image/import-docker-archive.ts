import type { BlobStore } from '../content/blob-store.ts';
import type { NamedImage } from '../content/image-names.ts';
import type { IndexTap } from '../layer/indexing/index-tap.ts';
import type { DockerArchive } from './docker-archive.ts';
import type { TransferOptions } from './export-layout.ts';
import { counted } from './progress.ts';

/**
 * Brings the images of a docker-archive in. Layers are kept as they stand in the archive, mostly unpacked, and become
 * OCI layers under a new OCI manifest; the config keeps its bytes. Every layer is checked against the config's diff
 * IDs. Gives one entry per tag.
 */
export async function importDockerArchive(
  blobs: BlobStore,
  archive: DockerArchive,
  { onProgress, signal, tap }: TransferOptions & { readonly tap?: IndexTap },
): Promise<readonly NamedImage[]> {
  for (const layer of archive.layers) {
    const { descriptor } = layer;
    const told = { blob: descriptor.digest, total: descriptor.size };
    const content = counted(told, archive.blobs.read(descriptor, signal), onProgress);
    await blobs.write(descriptor, tap ? tap.whilePassing(layer, content) : content, signal);
  }
  // Behind the layers, so that nothing is left of an archive with a layer that is none of its.
  for (const document of archive.documents) {
    await blobs.write(document, archive.blobs.read(document, signal), signal);
  }
  return archive.images;
}
