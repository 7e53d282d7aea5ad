import { createReadStream } from 'node:fs';
import { AppError } from '../../../shared/failure.ts';
import type { BlobOutcome } from '../../../shared/ipc/transfer-events.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Bytes } from '../content/bytes.ts';
import { withFailure } from '../content/file-system.ts';
import { stat } from 'node:fs/promises';
import type { Store } from '../content/store.ts';
import { blobTeller, type TellBlob } from './progress.ts';
import { preparePush, tagOrDigest, type PreparedPush, type PushDeps } from './push-plan.ts';
import { sideBySide } from './side-by-side.ts';
import type {
  PlannedUpload,
  PushPlan,
  PushRequest,
  PushResult,
  TransferSettings,
} from './transfers.ts';

const readSize = 1024 * 1024;

/** Says what a push would send. Sends nothing. */
export async function planPush(
  request: PushRequest,
  deps: PushDeps,
  settings: TransferSettings,
): Promise<PushPlan> {
  using _ = await deps.store.lock.shared(settings.signal);
  return (await toldAsPush(preparePush(request, deps, settings))).plan;
}

/** What a push looks up first is read; who may not even do that wanted to push all the same. */
async function toldAsPush<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const failure = error instanceof AppError ? error.failure : undefined;
    if (failure?.code !== 'registry-unauthorized' && failure?.code !== 'registry-denied')
      throw error;
    throw new AppError({ ...failure, action: 'push' }, { cause: error });
  }
}

/**
 * Pushes an image: its blobs side by side, then its manifests, children first, and the tag with the last one, so that
 * nobody ever sees a tag whose content is not there.
 */
export async function pushImage(
  request: PushRequest,
  deps: PushDeps,
  settings: TransferSettings,
): Promise<PushResult> {
  const { signal, onEvent } = settings;
  using _ = await deps.store.lock.shared(signal);
  const prepared = await toldAsPush(preparePush(request, deps, settings));
  const { plan, target } = prepared;
  const { descriptor } = plan;
  const { digest } = descriptor;
  onEvent?.({ kind: 'resolved', reference: plan.target, digest, considered: [] });
  onEvent?.({ kind: 'planned', blobs: plan.blobs.map(waiting) });
  for (const text of plan.notes) onEvent?.({ kind: 'note', text });
  const outcomes = await sideBySide(
    plan.blobs,
    deps.parallel,
    async (blob, turn, stop) =>
      await turn(async () => await deliver(blob, prepared, deps, { ...settings, signal: stop })),
    signal,
  );
  deps.origins.record(
    target,
    outcomes.filter(({ outcome }) => outcome !== 'skipped').map(({ blob }) => blob.digest),
  );
  const manifestBytes = await putManifests(prepared, deps, signal);
  const sent = outcomes.filter(({ outcome }) => outcome === 'uploaded');
  return {
    target: plan.target,
    descriptor,
    outcomes: outcomes.map(({ blob, outcome }) => ({ digest: blob.digest, outcome })),
    sentBytes: sent.reduce((sum, { blob }) => sum + blob.size, manifestBytes),
  };
}

function waiting({ descriptor }: PlannedUpload) {
  const { digest, mediaType, size } = descriptor;
  return { digest, mediaType, total: size, current: 0, state: 'waiting' as const };
}

interface Delivered {
  readonly blob: Descriptor;
  readonly outcome: BlobOutcome;
}

/** Brings one blob to where a push wants it. */
export async function deliver(
  planned: PlannedUpload,
  { target }: Pick<PreparedPush, 'target'>,
  deps: PushDeps,
  { onEvent, signal }: TransferSettings,
): Promise<Delivered> {
  const { descriptor: blob } = planned;
  const tell = blobTeller(blob, onEvent);
  const outcome = await deliveredAs(planned, { target, deps, tell, signal });
  tell({ state: 'done', current: blob.size, outcome });
  return { blob, outcome };
}

interface Delivery extends Pick<PreparedPush, 'target'> {
  readonly deps: PushDeps;
  readonly tell: TellBlob;
  readonly signal: AbortSignal | undefined;
}

async function deliveredAs(
  { descriptor: blob, action, from }: PlannedUpload,
  { target, deps, tell, signal }: Delivery,
): Promise<BlobOutcome> {
  if (action === 'present') return 'present';
  if (action === 'skip-foreign') return 'skipped';
  if (action === 'mount' && from !== undefined) {
    const source = { registry: target.registry, repository: from };
    if (await deps.client.mountBlob(target, blob, source, signal)) return 'mounted';
  }
  tell({ state: 'uploading', current: 0 });
  await deps.client.uploadBlob(target, blob, offset => contentFrom(deps.store, blob, offset), {
    onProgress: current => tell({ state: 'uploading', current }),
    ...(signal === undefined ? {} : { signal }),
  });
  return 'uploaded';
}

/** Read without hashing: the registry checks the digest of what it was sent. */
async function* contentFrom({ blobs }: Store, blob: Descriptor, offset: number): Bytes {
  const path = blobs.path(blob.digest);
  await withFailure('read', path, () => stat(path));
  const stream = createReadStream(path, { start: offset, highWaterMark: readSize });
  for await (const chunk of stream) yield chunk as Uint8Array;
}

/** The root goes last and under its tag; gives how many bytes were sent. */
async function putManifests(
  { image, plan, target }: PreparedPush,
  { client }: PushDeps,
  signal: AbortSignal | undefined,
): Promise<number> {
  const children = image.manifests.slice(0, -1);
  const root = image.manifests.at(-1);
  let bytes = 0;
  for (const [at, manifest] of children.entries()) {
    if (plan.manifests[at]?.action === 'present') continue;
    await client.putManifest(target, manifest.descriptor.digest, manifest, signal);
    bytes += manifest.descriptor.size;
  }
  if (root === undefined || plan.replaces === root.descriptor.digest) return bytes;
  await client.putManifest(target, tagOrDigest(target), root, signal);
  return bytes + root.descriptor.size;
}
