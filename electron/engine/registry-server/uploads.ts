import { AppError } from '../../../shared/failure.ts';
import { isDigest, type Digest } from '../../../shared/oci/digest.ts';
import { findBlob } from './blobs.ts';
import { parseContentRange } from './byte-range.ts';
import { emptyReply, type Exchange, type RegistryState, type Reply } from './exchange.ts';
import { RegistryError } from './registry-error.ts';
import { checkedDigest } from './route.ts';
import type { UploadSession } from './upload-sessions.ts';

/** POST: begins an upload, takes a whole blob, or mounts one (distribution-spec, "Pushing blobs"). */
export async function beginUpload(
  state: RegistryState,
  name: string,
  exchange: Exchange,
): Promise<Reply> {
  const { query } = exchange;
  const mount = query.get('mount');
  if (mount !== null && isDigest(mount)) {
    // Every blob of the store is every repository's: `from` does not matter.
    if ((await findBlob(state.store, mount)) !== undefined) {
      await state.lease.hold(mount);
      return created(name, mount);
    }
  }
  const digest = query.get('digest');
  const wanted = digest === null ? undefined : checkedDigest(digest);
  const session = await state.uploads.open(name);
  await state.lease.hold(session.uploadId);
  if (wanted === undefined) return accepted(session);
  try {
    return await state.uploads.work(session, () => finish(state, session, wanted, exchange));
  } finally {
    // Nobody was told of this upload: it cannot be gone on with.
    await state.uploads.end(session);
  }
}

/** PATCH: takes a chunk, or all the rest as a stream. */
export async function continueUpload(
  { uploads, lease }: RegistryState,
  place: UploadPlace,
  exchange: Exchange,
): Promise<Reply> {
  const session = uploads.find(place.name, place.upload);
  await lease.hold(session.uploadId);
  await uploads.work(session, () => take(session, exchange));
  return accepted(session);
}

/** PUT: takes the last chunk, if any, and makes a blob of it. */
export async function finishUpload(
  state: RegistryState,
  place: UploadPlace,
  exchange: Exchange,
): Promise<Reply> {
  const session = state.uploads.find(place.name, place.upload);
  const digest = checkedDigest(exchange.query.get('digest') ?? '');
  await state.lease.hold(session.uploadId);
  return await state.uploads.work(session, () => finish(state, session, digest, exchange));
}

/** GET: how much has come. */
export function uploadStatus({ uploads }: RegistryState, place: UploadPlace): Reply {
  const session = uploads.find(place.name, place.upload);
  return emptyReply(204, progress(session));
}

/** DELETE: gives an upload up. */
export async function cancelUpload({ uploads }: RegistryState, place: UploadPlace): Promise<Reply> {
  const session = uploads.find(place.name, place.upload);
  await session.alone(() => uploads.end(session));
  return emptyReply(204);
}

interface UploadPlace {
  readonly name: string;
  readonly upload: string;
}

/** Takes the body where its `Content-Range` goes on exactly where the last chunk ended. */
async function take(session: UploadSession, { headers, body }: Exchange): Promise<void> {
  const range = headers['content-range'];
  if (range === undefined) return await session.append(body);
  const chunk = parseContentRange(range);
  if (chunk?.start !== session.size) {
    const message =
      chunk === undefined
        ? `Content-Range "${range}" is not <start>-<end>`
        : `the next chunk begins at byte ${session.size}`;
    throw new RegistryError('BLOB_UPLOAD_INVALID', message, {
      status: 416,
      headers: progress(session),
    });
  }
  const announced = headers['content-length'];
  if (announced !== undefined && Number(announced) !== chunk.length) {
    const message = `Content-Range says ${chunk.length} bytes, Content-Length ${announced}`;
    throw new RegistryError('SIZE_INVALID', message, { status: 400 });
  }
  await session.append(body, chunk.length);
}

async function finish(
  { lease }: RegistryState,
  session: UploadSession,
  digest: Digest,
  exchange: Exchange,
): Promise<Reply> {
  await take(session, exchange);
  await lease.hold(digest);
  const { size } = session;
  try {
    await session.commit({ mediaType: 'application/octet-stream', digest, size });
  } catch (error) {
    lease.letGo([digest]);
    const failure = error instanceof AppError ? error.failure : undefined;
    if (failure?.code !== 'blob-mismatch') throw error;
    const message = `what came has the digest ${failure.actual}; send it again`;
    throw new RegistryError('DIGEST_INVALID', message, { status: 400, detail: { digest } });
  }
  return created(session.name, digest);
}

function created(name: string, digest: Digest): Reply {
  return emptyReply(201, {
    location: `/v2/${name}/blobs/${digest}`,
    'docker-content-digest': digest,
  });
}

function accepted(session: UploadSession): Reply {
  return emptyReply(202, progress(session));
}

/** Relative, so that it holds whatever name the client knows us by. */
function progress(session: UploadSession): Record<string, string> {
  return {
    location: `/v2/${session.name}/blobs/uploads/${session.uploadId}`,
    range: `0-${Math.max(session.size - 1, 0)}`,
    'docker-upload-uuid': session.uploadId,
  };
}
