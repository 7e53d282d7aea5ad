import { AppError } from '../../../shared/failure.ts';
import type { Descriptor, Platform } from '../../../shared/oci/descriptor.ts';
import { platformOf } from '../../../shared/oci/image.ts';
import { isIndex } from '../../../shared/oci/media-types.ts';
import { formatPlatform } from '../../../shared/oci/platform.ts';
import { canonicalReference, parseReference } from '../../../shared/oci/reference.ts';
import { parseOsVersion } from '../../../shared/windows/builds.ts';
import type { Store } from '../content/store.ts';
import { newerFirst } from '../image/choose-for-host.ts';
import { readImage } from '../image/read-image.ts';
import { listImages } from '../image/select-image.ts';
import { writeIndex } from '../image/write-image.ts';
import type { ComposedIndex, ComposeRequest, PullResult } from './transfers.ts';

export interface ComposeDeps {
  readonly store: Store;
  /** Pulls what the store lacks, with all images of it. */
  readonly pull: (reference: string, signal?: AbortSignal) => Promise<PullResult>;
}

/** An image for the index, and how the person who asks calls it. */
interface Part {
  readonly name: string;
  readonly descriptor: Descriptor & { readonly platform: Platform };
}

/**
 * Makes one index of several Windows images and names it, so that one tag serves every host. Platforms come from the
 * configs, which is what hosts go by; an index among the images gives all its images. Throws `index-refused` where an
 * image is not for Windows, does not say its `os.version`, or where two are for the same architecture and version.
 */
export async function composeIndex(
  { name, images, annotations }: ComposeRequest,
  { store, pull }: ComposeDeps,
  signal?: AbortSignal,
): Promise<ComposedIndex> {
  const reference = canonicalReference(name);
  if (parseReference(reference).digest !== undefined) throw refusedName(name);
  using _ = await store.lock.shared(signal);
  const parts: Part[] = [];
  for (const image of images) {
    const root = await found(image, store, pull, signal);
    parts.push(...(await partsOf(image, root, store, signal)));
  }
  checkDistinct(parts);
  const entries = parts.map(({ descriptor }) => descriptor).sort(newestFirst);
  const descriptor = await writeIndex(store.blobs, entries, annotations, signal);
  await store.names.set(reference, descriptor, signal);
  return { name: reference, descriptor, entries };
}

function refusedName(name: string): AppError {
  const problem = `"${name}" has a digest; an index needs a tag.`;
  return new AppError({ code: 'bad-request', field: 'name', problem });
}

async function found(
  image: string,
  store: Store,
  pull: ComposeDeps['pull'],
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  try {
    return await store.names.resolve(image);
  } catch (error) {
    if (!(error instanceof AppError) || error.failure.code !== 'image-missing') throw error;
    return (await pull(image, signal)).descriptor;
  }
}

async function partsOf(
  name: string,
  root: Descriptor,
  store: Store,
  signal: AbortSignal | undefined,
): Promise<readonly Part[]> {
  const parts: Part[] = [];
  for (const { descriptor } of await listImages(store.blobs, root, signal)) {
    const { config } = await readImage(store.blobs, descriptor, signal);
    const platform = platformOf(config);
    const shown = isIndex(root.mediaType) ? `${name} (${formatPlatform(platform)})` : name;
    checkWindows(shown, platform);
    const { mediaType, digest, size } = descriptor;
    parts.push({ name: shown, descriptor: { mediaType, digest, size, platform } });
  }
  if (parts.length === 0) throw refused(name, 'it holds no image.');
  return parts;
}

function checkWindows(name: string, platform: Platform): void {
  if (platform.os !== 'windows') {
    throw refused(name, `it is for ${formatPlatform(platform)}, not for Windows.`);
  }
  const version = platform['os.version'];
  if (version === undefined) {
    throw refused(name, 'its config has no os.version, so no host could tell that it fits.');
  }
  if (parseOsVersion(version) === undefined) {
    throw refused(name, `its os.version "${version}" is not a version of Windows.`);
  }
}

function checkDistinct(parts: readonly Part[]): void {
  if (parts.length === 0) {
    const problem = 'At least one image is needed.';
    throw new AppError({ code: 'bad-request', field: 'images', problem });
  }
  const seen = new Map<string, Part>();
  for (const part of parts) {
    const platform = formatPlatform(part.descriptor.platform);
    const features = part.descriptor.platform['os.features']?.toSorted().join(',') ?? '';
    const other = seen.get(`${platform} ${features}`);
    if (other !== undefined) {
      throw refused(part.name, `it is for ${platform}, and so is ${other.name}.`);
    }
    seen.set(`${platform} ${features}`, part);
  }
}

function refused(image: string, problem: string): AppError {
  return new AppError({ code: 'index-refused', image, problem });
}

function newestFirst(one: Part['descriptor'], other: Part['descriptor']): number {
  return (
    newerFirst(
      { descriptor: one, platform: one.platform },
      { descriptor: other, platform: other.platform },
    ) || (one.platform.architecture < other.platform.architecture ? -1 : 1)
  );
}
