import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { digestHex } from '../../../shared/oci/digest.ts';
import type { ImageLayer } from '../../../shared/oci/layer-chain.ts';
import { parseReference } from '../../../shared/oci/reference.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { readBlobFile } from '../content/file-blob-store.ts';
import { errnoOf, withFailure } from '../content/file-system.ts';
import { namedEntry, nameOf, type NamedImage } from '../content/image-names.ts';
import { checkLayoutVersion, hasLayout, parseIndexFile, readIndexFile } from '../content/layout.ts';
import type { Store } from '../content/store.ts';
import { verified } from '../content/verified.ts';
import type { IndexTap } from '../layer/indexing/index-tap.ts';
import { copyImage } from './copy-image.ts';
import type { TransferOptions } from './export-layout.ts';
import { openDockerArchive, type DockerArchive } from './docker-archive.ts';
import { importDockerArchive } from './import-docker-archive.ts';
import { readImage } from './read-image.ts';
import { listImages } from './select-image.ts';
import { archiveInvalid } from './tar-block.ts';
import { openTar, type TarIndex } from './tar-index.ts';

const indexLimit = 64 * 1024 * 1024;

/** How images are brought in. */
export interface ImportOptions extends TransferOptions {
  /** Makes the indexes of the layers while they pass. */
  readonly tap?: IndexTap;
}

/**
 * Brings images into the store from an OCI layout folder, an OCI archive or a docker-archive, whichever `path` is.
 * Everything is verified, and names are set last: a failed import leaves no image. Gives the images in the order of
 * the source; those whose source has no full reference come without a name.
 * Throws archive-invalid, image-invalid, blob-missing, blob-mismatch.
 */
export async function importImages(
  store: Store,
  path: string,
  options: ImportOptions = {},
): Promise<readonly NamedImage[]> {
  const { signal } = options;
  using _ = await store.lock.shared(signal);
  const images = await bringIn(store, path, options);
  for (const { reference, descriptor } of images)
    await store.names.set(reference, descriptor, signal);
  return images;
}

async function bringIn(
  store: Store,
  path: string,
  options: ImportOptions,
): Promise<readonly NamedImage[]> {
  await using source = await openImageSource(path, options.signal);
  if (source.kind === 'docker-archive') {
    return await importDockerArchive(store.blobs, source.archive, options);
  }
  return await importLayout(store, source.blobs, source.entries, options);
}

/** A file or folder with images in it, open for reading. */
export type ImageSource = AsyncDisposable &
  (
    | {
        readonly kind: 'oci-layout';
        readonly blobs: BlobReader;
        /** Of its `index.json`. */
        readonly entries: readonly Descriptor[];
      }
    | { readonly kind: 'docker-archive'; readonly archive: DockerArchive }
  );

/** Opens an OCI layout folder, an OCI archive or a docker-archive. Throws archive-invalid, store-version, store-damaged. */
export async function openImageSource(path: string, signal?: AbortSignal): Promise<ImageSource> {
  const found = await withFailure('open', path, () => stat(path));
  if (!found.isDirectory()) return await openArchive(path, signal);
  if (!(await hasLayout(path))) throw archiveInvalid(path, 'the folder has no oci-layout file');
  const { manifests } = await readIndexFile(path);
  return {
    kind: 'oci-layout',
    blobs: layoutReader(path),
    entries: manifests,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

async function openArchive(path: string, signal: AbortSignal | undefined): Promise<ImageSource> {
  const tar = await openTar(path, signal);
  const close = { [Symbol.asyncDispose]: () => tar[Symbol.asyncDispose]() };
  try {
    if (tar.size('oci-layout') !== undefined) {
      checkLayoutVersion(await tar.text('oci-layout', indexLimit), `${path}: oci-layout`);
      const text = await tar.text('index.json', indexLimit);
      const { manifests } = parseIndexFile(text, `${path}: index.json`);
      return { kind: 'oci-layout', blobs: archiveReader(tar), entries: manifests, ...close };
    }
    if (tar.size('manifest.json') !== undefined) {
      return { kind: 'docker-archive', archive: await openDockerArchive(tar, signal), ...close };
    }
    throw archiveInvalid(path, 'it has neither an oci-layout nor a manifest.json');
  } catch (error) {
    await tar[Symbol.asyncDispose]();
    throw error;
  }
}

async function importLayout(
  store: Store,
  from: BlobReader,
  entries: readonly Descriptor[],
  options: ImportOptions,
): Promise<readonly NamedImage[]> {
  const images: NamedImage[] = [];
  for (const entry of entries) {
    const descriptor = namedEntry(undefined, entry);
    await copyImage(await tapped(from, descriptor, options), store.blobs, descriptor, options);
    for (const image of await listImages(store.blobs, descriptor, options.signal)) {
      await readImage(store.blobs, image.descriptor, options.signal);
    }
    const reference = fullReference(nameOf(entry));
    images.push(reference === undefined ? { descriptor } : { reference, descriptor });
  }
  return images;
}

/** `from`, with its layers indexed as they are read. */
async function tapped(
  from: BlobReader,
  descriptor: Descriptor,
  { tap, signal }: ImportOptions,
): Promise<BlobReader> {
  if (!tap) return from;
  const layers = new Map<string, ImageLayer>();
  // What is wrong with an image is told when it has been copied; here it only has no layers.
  for (const image of await listImages(from, descriptor, signal).catch(() => [])) {
    const read = await readImage(from, image.descriptor, signal).catch(() => undefined);
    for (const layer of read?.layersBaseFirst ?? []) layers.set(layer.descriptor.digest, layer);
  }
  return {
    has: (blob, signal) => from.has(blob, signal),
    read(blob, signal) {
      const layer = layers.get(blob.digest);
      const bytes = from.read(blob, signal);
      return layer ? tap.whilePassing(layer, bytes) : bytes;
    },
  };
}

/** Many tools put only a tag, such as `latest`, into a layout: that names no image outside it. */
export function fullReference(name: string | undefined): string | undefined {
  if (name === undefined || !/[/:]/.test(name)) return undefined;
  try {
    parseReference(name);
    return name;
  } catch {
    return undefined;
  }
}

/** Reads the blobs of somebody else's layout; unlike our store it is never repaired. */
function layoutReader(dir: string): BlobReader {
  const pathOf = (blob: Descriptor) => join(dir, 'blobs', 'sha256', digestHex(blob.digest));
  return {
    async has(blob) {
      try {
        return (await stat(pathOf(blob))).size === blob.size;
      } catch (error) {
        if (errnoOf(error) === 'ENOENT') return false;
        throw error;
      }
    },
    read: (blob, signal) => readBlobFile(pathOf(blob), blob, signal),
  };
}

function archiveReader(tar: TarIndex): BlobReader {
  const nameOfBlob = (blob: Descriptor) => `blobs/sha256/${digestHex(blob.digest)}`;
  return {
    has: async blob => tar.size(nameOfBlob(blob)) === blob.size,
    async *read(blob, signal) {
      const name = nameOfBlob(blob);
      if (tar.size(name) === undefined) {
        throw new AppError({ code: 'blob-missing', digest: blob.digest });
      }
      yield* verified(blob, tar.read(name, signal));
    },
  };
}
