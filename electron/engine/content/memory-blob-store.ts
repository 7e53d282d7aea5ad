import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { BlobStore, Ingest } from './blob-store.ts';
import { once, type Bytes } from './bytes.ts';
import { cancellable, throwIfCancelled } from './cancel.ts';
import { digestOf, verified } from './verified.ts';

/** A blob store without a disk, for small images: it keeps the same promises as the one on disk. */
export class MemoryBlobStore implements BlobStore {
  readonly #blobs = new Map<Digest, Uint8Array>();

  async has(blob: Descriptor, signal?: AbortSignal): Promise<boolean> {
    throwIfCancelled(signal);
    return this.#blobs.get(blob.digest)?.byteLength === blob.size;
  }

  async *read(blob: Descriptor, signal?: AbortSignal): Bytes {
    throwIfCancelled(signal);
    const content = this.#blobs.get(blob.digest);
    if (content === undefined) throw new AppError({ code: 'blob-missing', digest: blob.digest });
    yield* verified(blob, once(content));
  }

  async write(blob: Descriptor, content: Bytes, signal?: AbortSignal): Promise<void> {
    const ingest = await this.ingest();
    for await (const chunk of verified(blob, cancellable(content, signal)))
      await ingest.write(chunk);
    throwIfCancelled(signal);
    await ingest.commit();
  }

  async ingest(): Promise<Ingest> {
    const chunks: Uint8Array[] = [];
    return {
      write: async chunk => void chunks.push(new Uint8Array(chunk)),
      commit: async () => {
        const content = Buffer.concat(chunks);
        const digest = digestOf(content);
        this.#blobs.set(digest, content);
        return { digest, size: content.byteLength };
      },
      abort: async () => void chunks.splice(0),
    };
  }
}
