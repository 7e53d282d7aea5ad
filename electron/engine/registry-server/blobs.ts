import { stat } from 'node:fs/promises';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { Bytes } from '../content/bytes.ts';
import { errnoOf, withFailure } from '../content/file-system.ts';
import type { Store } from '../content/store.ts';
import { parseByteRange } from './byte-range.ts';
import type { Exchange, RegistryState, Reply } from './exchange.ts';
import { blobUnknown, RegistryError } from './registry-error.ts';

const octets = 'application/octet-stream';
const pieceSize = 1024 * 1024;

/** The blob of the store with this digest, or undefined. A registry has no media types for blobs. */
export async function findBlob(store: Store, digest: Digest): Promise<Descriptor | undefined> {
  const path = store.blobs.path(digest);
  return await withFailure('look at', path, async () => {
    try {
      const found = await stat(path);
      return found.isFile() ? { mediaType: octets, digest, size: found.size } : undefined;
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

/**
 * GET and HEAD of a blob. Blobs are the store's, whatever the repository: so a push does not send what is here already.
 * A whole blob is verified while it is sent; of a part only the client can tell.
 */
export async function getBlob(
  { store, lease, writable }: RegistryState,
  digest: Digest,
  { method, headers, signal }: Exchange,
): Promise<Reply> {
  const blob = await findBlob(store, digest);
  if (blob === undefined) throw blobUnknown(digest);
  // Whoever asks before a push relies on the blob to be there when the manifest comes.
  if (writable && method === 'HEAD') await lease.hold(digest);
  const common = {
    'content-type': octets,
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
    etag: `"${digest}"`,
  };
  const range = parseByteRange(headers.range, blob.size);
  switch (range.kind) {
    case 'whole':
      return {
        status: 200,
        headers: { ...common, 'content-length': blob.size },
        body: store.blobs.read(blob, signal),
      };
    case 'part':
      return {
        status: 206,
        headers: {
          ...common,
          'content-length': range.end - range.start + 1,
          'content-range': `bytes ${range.start}-${range.end}/${blob.size}`,
        },
        body: part(store, blob, range),
      };
    case 'unsatisfiable':
      throw new RegistryError('SIZE_INVALID', `the blob has ${blob.size} bytes`, {
        status: 416,
        headers: { 'content-range': `bytes */${blob.size}` },
      });
  }
}

async function* part(
  store: Store,
  blob: Descriptor,
  { start, end }: { readonly start: number; readonly end: number },
): Bytes {
  await using file = await store.blobs.openTrusted(blob);
  for (let offset = start; offset <= end;) {
    const piece = await file.read(offset, Math.min(pieceSize, end - offset + 1));
    if (piece.byteLength === 0) throw blobUnknown(blob.digest);
    offset += piece.byteLength;
    yield piece;
  }
}
