import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { invalid } from '../../../shared/oci/document.ts';
import { documentLimit } from '../../../shared/oci/manifest.ts';
import type { BlobReader, BlobStore } from './blob-store.ts';
import { collected, once } from './bytes.ts';
import { digestOf } from './verified.ts';

/** Reads a manifest, index or config as text. Throws image-invalid where it is larger than `documentLimit`. */
export async function readDocument(
  blobs: BlobReader,
  descriptor: Descriptor,
  signal?: AbortSignal,
): Promise<string> {
  if (descriptor.size > documentLimit) {
    throw invalid(
      descriptor.digest,
      'size',
      `is ${descriptor.size} bytes; the limit is ${documentLimit}`,
    );
  }
  return (await collected(blobs.read(descriptor, signal))).toString('utf8');
}

/** Writes a JSON document and gives its descriptor. Equal values with equal key order give equal digests. */
export async function writeDocument(
  blobs: BlobStore,
  mediaType: string,
  value: object,
  signal?: AbortSignal,
): Promise<Descriptor> {
  const content = Buffer.from(JSON.stringify(value));
  const descriptor = { mediaType, digest: digestOf(content), size: content.byteLength };
  await blobs.write(descriptor, once(content), signal);
  return descriptor;
}
