import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { Bytes } from './bytes.ts';

/** Where blobs can be read: the local store, an image layout, an archive, a registry. */
export interface BlobReader {
  has(blob: Descriptor, signal?: AbortSignal): Promise<boolean>;
  /** Fails before the last byte is delivered if the content is not exactly what `blob` describes. */
  read(blob: Descriptor, signal?: AbortSignal): Bytes;
}

/** A blob that is being written and whose digest is not known yet. */
export interface Ingest {
  write(chunk: Uint8Array): Promise<void>;
  /** Makes the blob durable under its digest and returns that. Storing the same content twice is success. */
  commit(): Promise<{ readonly digest: Digest; readonly size: number }>;
  /** Removes what was written. Harmless after `commit`. */
  abort(): Promise<void>;
}

/** A content-addressable store. A blob never changes, so writing it twice is not an error. */
export interface BlobStore extends BlobReader {
  /** Verifies `content` against `blob` while writing it aside, then renames it into place. */
  write(blob: Descriptor, content: Bytes, signal?: AbortSignal): Promise<void>;
  ingest(): Promise<Ingest>;
}
