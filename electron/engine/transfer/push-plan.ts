import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isDigest } from '../../../shared/oci/digest.ts';
import { isForeign, isIndex } from '../../../shared/oci/media-types.ts';
import {
  canonicalReference,
  formatReference,
  parseReference,
  withDefaultTag,
  type ImageReference,
} from '../../../shared/oci/reference.ts';
import type { Store } from '../content/store.ts';
import { newestImage } from '../image/choose-for-host.ts';
import { selectImage } from '../image/select-image.ts';
import type { RegistryClient } from '../registry/registry-client.ts';
import type { BlobOrigins } from './blob-origins.ts';
import { checkComplete, outgoingImage, type OutgoingImage } from './outgoing-image.ts';
import { sideBySide } from './side-by-side.ts';
import type { PlannedUpload, PushPlan, PushRequest, TransferSettings } from './transfers.ts';

/** What a push needs. */
export interface PushDeps {
  readonly client: RegistryClient;
  readonly store: Store;
  readonly origins: BlobOrigins;
  /** Blobs that are sent at a time. */
  readonly parallel: number;
}

/** A plan with what is needed to carry it out. */
export interface PreparedPush {
  readonly plan: PushPlan;
  readonly target: ImageReference;
  readonly image: OutgoingImage;
}

/**
 * Finds out what a push would send: what the repository has, what can be mounted from another one, what must be
 * uploaded. Nothing is sent. Throws `image-missing`, `image-incomplete`, `bad-request` and what the registry says.
 */
export async function preparePush(
  request: PushRequest,
  deps: PushDeps,
  { onEvent, signal }: TransferSettings,
): Promise<PreparedPush> {
  const { store, client } = deps;
  const source = await sourceOf(request, store, signal);
  const target = targetOf(request);
  const reference = formatReference(target);
  onEvent?.({ kind: 'resolving', reference });
  const image = await outgoingImage(store.blobs, source, request.foreign ?? 'skip', signal);
  checkComplete(request.image, image);
  if (target.digest !== undefined && target.digest !== image.descriptor.digest) {
    throw refused(`${reference} names another image than ${image.descriptor.digest}`);
  }
  const blobs = await sideBySide(
    image.blobs,
    deps.parallel,
    async (blob, turn, stop) => await turn(async () => await planBlob(blob, target, deps, stop)),
    signal,
  );
  const manifests: PlannedUpload[] = [];
  for (const { descriptor } of image.manifests) {
    const known = await client.headManifest(target, descriptor.digest, signal);
    manifests.push({ descriptor, action: known === undefined ? 'upload' : 'present' });
  }
  const replaced = await client.headManifest(target, tagOrDigest(target), signal);
  const uploads = [...blobs, ...manifests].filter(({ action }) => action === 'upload');
  const plan: PushPlan = {
    target: reference,
    descriptor: image.descriptor,
    source,
    ...(replaced === undefined ? {} : { replaces: replaced.digest }),
    blobs,
    manifests,
    uploadBytes: uploads.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
    notes: notesOf(source, image, blobs),
  };
  return { plan, target, image };
}

/** What a manifest is put under: its tag, or its digest where the target has no tag. */
export function tagOrDigest({ tag, digest }: ImageReference): string {
  return tag ?? digest ?? 'latest';
}

async function sourceOf(
  { image, platform }: PushRequest,
  store: Store,
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  const named = await store.names.resolve(image);
  if (platform === undefined || !isIndex(named.mediaType)) return named;
  const choice = { platform, choose: newestImage };
  const { descriptor } = await selectImage(store.blobs, named, choice, signal);
  return descriptor;
}

function targetOf({ image, target }: PushRequest): ImageReference {
  if (target === undefined && isDigest(image)) {
    throw refused(`${image} has no name; say what it is to be called in the registry`);
  }
  return withDefaultTag(parseReference(target ?? canonicalReference(image)));
}

function refused(problem: string): AppError {
  return new AppError({ code: 'bad-request', field: 'target', problem });
}

/** What a push would do with one blob. */
export async function planBlob(
  descriptor: Descriptor,
  target: ImageReference,
  { client, origins }: PushDeps,
  signal: AbortSignal,
): Promise<PlannedUpload> {
  if (isForeign(descriptor.mediaType)) return { descriptor, action: 'skip-foreign' };
  if (await client.hasBlob(target, descriptor, signal)) return { descriptor, action: 'present' };
  const [from] = origins
    .find(target.registry, descriptor.digest)
    .filter(repository => repository !== target.repository);
  return from === undefined
    ? { descriptor, action: 'upload' }
    : { descriptor, action: 'mount', from };
}

function notesOf(
  source: Descriptor,
  image: OutgoingImage,
  blobs: readonly PlannedUpload[],
): readonly string[] {
  const notes: string[] = [];
  if (image.released.length > 0) {
    notes.push(
      `${layers(image.released.length)} ${image.released.length === 1 ? 'becomes an ordinary layer' : 'become ordinary layers'}, so the image is pushed under another digest: ${image.descriptor.digest} instead of ${source.digest}. Check that the license of the base allows that.`,
    );
  }
  const skipped = blobs.filter(({ action }) => action === 'skip-foreign').length;
  if (skipped > 0) {
    notes.push(
      `${layers(skipped)} ${skipped === 1 ? 'is' : 'are'} not sent: whoever pulls the image fetches such layers from their own urls. Push them along with --foreign push.`,
    );
  }
  return notes;
}

function layers(count: number): string {
  return count === 1 ? '1 foreign layer' : `${count} foreign layers`;
}
