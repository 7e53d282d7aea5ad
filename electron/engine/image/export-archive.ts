import type { BlobReader } from '../content/blob-store.ts';
import { reachable } from '../content/graph.ts';
import type { NamedImage } from '../content/image-names.ts';
import { layoutMarker } from '../content/layout.ts';
import { digestHex } from '../../../shared/oci/digest.ts';
import { isForeign } from '../../../shared/oci/media-types.ts';
import { exportIndex, type TransferOptions } from './export-layout.ts';
import { counted } from './progress.ts';
import { tarBytes, textFile, writeAside, type TarFile } from './tar-output.ts';

/** Writes images as an OCI archive: an image layout in a tar. The same images give the same bytes. */
export async function exportOciArchive(
  blobs: BlobReader,
  images: readonly NamedImage[],
  path: string,
  options: TransferOptions = {},
): Promise<void> {
  await writeAside(path, tarBytes(layoutFiles(blobs, images, options)), options.signal);
}

async function* layoutFiles(
  blobs: BlobReader,
  images: readonly NamedImage[],
  { onProgress, signal }: TransferOptions,
): AsyncGenerator<TarFile> {
  yield textFile('oci-layout', layoutMarker);
  yield textFile('index.json', exportIndex(images));
  const roots = images.map(image => image.descriptor);
  const needed = await reachable(blobs, roots, { skipMissing: false }, signal);
  const sorted = [...needed.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
  for (const blob of sorted) {
    if (isForeign(blob.mediaType) && !(await blobs.has(blob, signal))) continue;
    yield {
      name: `blobs/sha256/${digestHex(blob.digest)}`,
      size: blob.size,
      content: counted(
        { blob: blob.digest, total: blob.size },
        blobs.read(blob, signal),
        onProgress,
      ),
    };
  }
}
