import path from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { digestHex } from '../../../shared/oci/digest.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { once, type Bytes } from '../content/bytes.ts';
import { readDocument } from '../content/document-blob.ts';
import { readBlobFile } from '../content/file-blob-store.ts';
import { collectGarbage } from '../content/garbage.ts';
import { hasLayout, readIndexFile } from '../content/layout.ts';
import { openStore, type Store } from '../content/store.ts';
import type { ArtifactPlace, OutgoingArtifact } from './artifact-place.ts';
import { counted } from './progress.ts';

/** An artifact of the type `artifactType` in an OCI image layout in `dir`, which is made where it is absent. */
export function folderArtifact(dir: string, artifactType: string, store: Store): ArtifactPlace {
  const blobs = blobsOf(dir);
  const text = async (blob: Descriptor, signal?: AbortSignal) =>
    await readDocument(blobs, blob, signal);
  return {
    async manifest(signal) {
      // Only read: a build machine may have it mounted without the right to write.
      if (!(await hasLayout(dir))) return undefined;
      const { manifests } = await readIndexFile(dir);
      const descriptor = manifests.findLast(entry => entry.artifactType === artifactType);
      if (!descriptor) return undefined;
      return { descriptor, bytes: Buffer.from(await text(descriptor, signal)) };
    },
    document: text,
    async fetch(blob, onProgress, signal) {
      const told = { blob: blob.digest, total: blob.size };
      const content = counted(told, blobs.read(blob, signal), ({ current, total }) =>
        onProgress(current, total),
      );
      await store.blobs.write(blob, content, signal);
    },
    write: async (artifact, signal) =>
      await writeFolder(dir, artifactType, { artifact, store }, signal),
  };
}

function blobsOf(dir: string): BlobReader {
  return {
    has: async () => true,
    read: (blob, signal) =>
      readBlobFile(path.join(dir, 'blobs', 'sha256', digestHex(blob.digest)), blob, signal),
  };
}

/** The folder is a store of its own while it is written, so that several builds can write to it at once. */
async function writeFolder(
  dir: string,
  artifactType: string,
  { artifact, store }: { readonly artifact: OutgoingArtifact; readonly store: Store },
  signal?: AbortSignal,
): Promise<number> {
  await using target = await openStore(dir, signal);
  let bytes = 0;
  {
    using _ = await target.lock.shared(signal);
    const write = async (blob: Descriptor, content: Bytes) => {
      if (await target.blobs.has(blob, signal)) return;
      await target.blobs.write(blob, content, signal);
      bytes += blob.size;
    };
    for (const layer of artifact.layers) await write(layer, store.blobs.read(layer, signal));
    const { config, manifest } = artifact;
    await write(config.descriptor, once(config.bytes));
    await write(manifest.descriptor, once(manifest.bytes));
    await target.names.set('cache', { ...manifest.descriptor, artifactType }, signal);
  }
  await dropOldBlobs(target, signal);
  return bytes;
}

/** What an older artifact had; without this the folder would grow with every build. */
async function dropOldBlobs(target: Store, signal?: AbortSignal): Promise<void> {
  try {
    await collectGarbage(target, new Set(), signal);
  } catch (error) {
    // Another build writes to it, and will do this.
    if (!(error instanceof AppError) || error.failure.code !== 'store-busy') throw error;
  }
}
