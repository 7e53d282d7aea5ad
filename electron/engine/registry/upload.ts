import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Bytes } from '../content/bytes.ts';
import { cancellable, delay, throwIfCancelled } from '../content/cancel.ts';
import type { Purpose } from './answer-failure.ts';
import type { Call, RegistryApi } from './api.ts';
import type { RegistryAnswer, RequestBody } from './exchange.ts';
import { headerNumber, uploadedBytes } from './headers.ts';
import type { ContentFrom, OnBlobProgress, Repository } from './registry-client.ts';
import { isPassing, type RetryPolicy } from './retries.ts';
import { repositoryScope } from './scopes.ts';
import { cancelUpload, commitPatienceMs, uploadTarget, withDigest } from './upload-session.ts';

/** Where to, and how. */
export interface Upload {
  readonly to: Repository;
  readonly blob: Descriptor;
  readonly content: ContentFrom;
  readonly policy: RetryPolicy;
  /** Registries that are known not to take a blob with the first request. */
  readonly withoutSinglePost: Set<string>;
  readonly onProgress?: OnBlobProgress;
}

/** An upload that the registry has opened for us. */
interface Session {
  target: URL;
  /** What the registry has, in bytes. */
  offset: number;
  /** At most this many bytes in one request. */
  chunkSize: number;
  /** What the registry wants at least (`OCI-Chunk-Min-Length`). */
  readonly smallestChunk: number;
  /** Whether `offset` is known, or the registry has to be asked. */
  isCertain: boolean;
  isResumed: boolean;
}

/** The requests of one upload. */
interface Steps {
  call(rest: Omit<Call, 'purpose' | 'scopes'>): Promise<RegistryAnswer>;
  fail(answer: RegistryAnswer): Promise<never>;
  /** The bytes of the blob from `from` up to, not with, `to`. */
  body(from: number, to: number): RequestBody;
}

// A config goes with the very first request, where the registry can do that.
const singlePostLimit = 64 * 1024;
// Up to here a blob goes with the request that completes it; a cut costs little then.
const monolithicLimit = 4 * 1024 * 1024;
// After a cut: what a bad line loses at most, against the cost of one more request.
const largestChunkAfterCut = 16 * 1024 * 1024;
const octets = { 'content-type': 'application/octet-stream' } as const;

/**
 * Uploads a blob: in one request (end-4b), in POST and PUT (end-4a, end-6), or in POST, PATCH and PUT (end-5). After a cut
 * the registry is asked how far it came (end-13), and the rest follows in chunks. Where the upload fails or is cancelled,
 * the registry is told to forget it.
 */
export async function uploadContent(
  api: RegistryApi,
  upload: Upload,
  signal?: AbortSignal,
): Promise<void> {
  const steps = stepsOf(api, upload, signal);
  for (let attempt = 1; ; attempt++) {
    const session = await openSession(steps, upload);
    if (session === undefined) return;
    try {
      return await sendAll(steps, upload, session, signal);
    } catch (error) {
      await cancelUpload(api, upload.to, session.target);
      throwIfCancelled(signal);
      if (!mayStartAnew(error, session)) throw error;
      // The answer may have been lost instead of the upload.
      if (await isThere(steps, upload)) return;
      if (attempt >= upload.policy.attempts) throw error;
      await delay(upload.policy.firstDelayMs * 2 ** (attempt - 1), signal);
    }
  }
}

function stepsOf(api: RegistryApi, upload: Upload, signal: AbortSignal | undefined): Steps {
  const purpose: Purpose = { ...upload.to, action: 'push' };
  const scopes = [repositoryScope(upload.to.repository, 'push')];
  return {
    call: async rest => await api.call({ ...rest, purpose, scopes }, signal),
    async fail(answer) {
      throw await api.failure(answer, purpose);
    },
    body: (from, to) => ({
      size: to - from,
      open: () => piece(upload, from, to, signal),
    }),
  };
}

async function* piece(
  { blob, content, onProgress }: Upload,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
): Bytes {
  let at = from;
  for await (const chunk of cancellable(content(from), signal)) {
    const part = chunk.byteLength > to - at ? chunk.subarray(0, to - at) : chunk;
    yield part;
    at += part.byteLength;
    onProgress?.(at, blob.size);
    if (at === to) return;
  }
  const { digest: expected, size: expectedSize } = blob;
  const actual = 'unfinished content';
  throw new AppError({ code: 'blob-mismatch', expected, expectedSize, actual, actualSize: at });
}

/** POST. Undefined where the blob is there with it. */
async function openSession(steps: Steps, upload: Upload): Promise<Session | undefined> {
  const { to, blob, withoutSinglePost } = upload;
  const isWhole =
    blob.size > 0 && blob.size <= singlePostLimit && !withoutSinglePost.has(to.registry);
  const target = `/v2/${to.repository}/blobs/uploads/`;
  const answer = await steps.call({
    method: 'POST',
    ...(isWhole
      ? {
          target: `${target}?digest=${encodeURIComponent(blob.digest)}`,
          headers: octets,
          body: steps.body(0, blob.size),
        }
      : { target }),
  });
  if (answer.status !== 202 && !(isWhole && answer.status === 201)) return await steps.fail(answer);
  await answer.discard();
  if (answer.status === 201) return undefined;
  if (isWhole) withoutSinglePost.add(to.registry);
  return {
    target: uploadTarget(to.registry, answer),
    offset: 0,
    chunkSize: blob.size,
    smallestChunk: headerNumber(answer.headers, 'oci-chunk-min-length') ?? 1,
    isCertain: true,
    isResumed: false,
  };
}

async function sendAll(
  steps: Steps,
  upload: Upload,
  session: Session,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { blob, policy } = upload;
  if (blob.size <= monolithicLimit) return await complete(steps, upload, session);
  for (let idle = 0; ;) {
    const before = session.offset;
    try {
      if (!session.isCertain) await askOffset(steps, upload, session);
      if (session.offset === blob.size) return await complete(steps, upload, session);
      await sendPiece(steps, upload, session);
      idle = 0;
    } catch (error) {
      throwIfCancelled(signal);
      idle = session.offset > before ? 1 : idle + 1;
      if (!mayResume(error) || idle >= policy.attempts) throw error;
      session.isCertain = false;
      const smaller = Math.min(largestChunkAfterCut, Math.ceil(session.chunkSize / 2));
      session.chunkSize = Math.max(session.smallestChunk, smaller);
      await delay(Math.min(policy.firstDelayMs * 2 ** (idle - 1), policy.longestDelayMs), signal);
    }
  }
}

/** `PATCH` with the next piece (end-5). */
async function sendPiece(steps: Steps, { to, blob }: Upload, session: Session): Promise<void> {
  const end = Math.min(session.offset + session.chunkSize, blob.size);
  const answer = await steps.call({
    method: 'PATCH',
    target: session.target,
    headers: { ...octets, 'content-range': `${session.offset}-${end - 1}` },
    body: steps.body(session.offset, end),
    once: true,
    patienceMs: commitPatienceMs,
  });
  if (answer.status !== 202 && answer.status !== 204) return await steps.fail(answer);
  await answer.discard();
  session.target = uploadTarget(to.registry, answer);
  session.offset = Math.min(uploadedBytes(answer.headers) ?? end, end);
}

/** `GET` on the upload (end-13): how far the registry has come. */
async function askOffset(steps: Steps, { to, blob }: Upload, session: Session): Promise<void> {
  const answer = await steps.call({ method: 'GET', target: session.target });
  if (answer.status !== 204 && answer.status !== 202) return await steps.fail(answer);
  await answer.discard();
  session.target = uploadTarget(to.registry, answer);
  session.offset = Math.min(uploadedBytes(answer.headers) ?? 0, blob.size);
  session.isCertain = true;
  session.isResumed = true;
}

/** `PUT` with the digest and what the registry does not have yet (end-6). */
async function complete(steps: Steps, { blob }: Upload, session: Session): Promise<void> {
  const isAllThere = session.offset === blob.size;
  const answer = await steps.call({
    method: 'PUT',
    target: withDigest(session.target, blob.digest),
    ...(isAllThere ? {} : { headers: octets, body: steps.body(session.offset, blob.size) }),
    once: true,
    patienceMs: commitPatienceMs,
  });
  if (answer.status !== 201 && answer.status !== 204) return await steps.fail(answer);
  await answer.discard();
}

async function isThere(steps: Steps, { to, blob }: Upload): Promise<boolean> {
  const target = `/v2/${to.repository}/blobs/${blob.digest}`;
  const answer = await steps.call({ method: 'HEAD', target });
  await answer.discard();
  return answer.status === 200;
}

// 413: a proxy lets only smaller pieces through. 416: the registry stopped elsewhere than we think.
const pieceStatuses = new Set([413, 416]);
const lostUploads = new Set(['BLOB_UPLOAD_UNKNOWN', 'BLOB_UPLOAD_INVALID', 'RANGE_INVALID']);

function mayResume(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  const { failure } = error;
  if (isPassing(failure)) return true;
  return failure.code === 'registry-refused' && pieceStatuses.has(failure.status);
}

function mayStartAnew(error: unknown, session: Session): boolean {
  if (!(error instanceof AppError)) return false;
  const { failure } = error;
  if (isPassing(failure)) return true;
  if (failure.code === 'registry-not-found') return true;
  if (failure.code !== 'registry-refused') return false;
  // A registry that lost some of what it said to have.
  if (failure.errorCode === 'DIGEST_INVALID') return session.isResumed;
  return lostUploads.has(failure.errorCode);
}
