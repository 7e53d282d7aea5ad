import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { invalid, parseIndex, parseManifest } from '../../../shared/oci/document.ts';
import {
  compressionOf,
  isForeign,
  isIndex,
  isManifest,
  layerMediaType,
  mediaTypes,
} from '../../../shared/oci/media-types.ts';
import { formatPlatform } from '../../../shared/oci/platform.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { readDocument } from '../content/document-blob.ts';
import { digestOf } from '../content/verified.ts';
import type { FetchedManifest } from '../registry/registry-client.ts';
import type { ForeignPush } from './transfers.ts';

/** An image or index as it leaves the store. */
export interface OutgoingImage {
  /** Of what is pushed. */
  readonly descriptor: Descriptor;
  /** Children first, the image or index itself last. */
  readonly manifests: readonly FetchedManifest[];
  /** Configs and layers, each once. */
  readonly blobs: readonly Descriptor[];
  /** Words for what the store lacks. */
  readonly missing: readonly string[];
  /** Digests of foreign layers that have become ordinary ones. */
  readonly released: readonly Digest[];
}

const nestingLimit = 4;

interface Collected {
  readonly manifests: Map<Digest, FetchedManifest>;
  readonly blobs: Map<Digest, Descriptor>;
  readonly missing: Set<string>;
  readonly released: Set<Digest>;
}

/**
 * Reads all manifests of an image or index. With the policy `push`, foreign layers lose their type and their `urls`, so
 * the manifest and all indexes above it become other ones; nothing is written to the store.
 */
export async function outgoingImage(
  blobs: BlobReader,
  root: Descriptor,
  foreign: ForeignPush,
  signal?: AbortSignal,
): Promise<OutgoingImage> {
  const found: Collected = {
    manifests: new Map(),
    blobs: new Map(),
    missing: new Set(),
    released: new Set(),
  };
  const descriptor = await collect(blobs, root, { found, foreign, depth: 0, signal });
  for (const blob of found.blobs.values()) {
    if (isForeign(blob.mediaType) || (await blobs.has(blob, signal))) continue;
    found.missing.add(`${compressionOf(blob.mediaType) ? 'the layer' : 'the blob'} ${blob.digest}`);
  }
  return {
    descriptor,
    manifests: [...found.manifests.values()],
    blobs: [...found.blobs.values()],
    missing: [...found.missing],
    released: [...found.released],
  };
}

interface Walk {
  readonly found: Collected;
  readonly foreign: ForeignPush;
  readonly depth: number;
  readonly signal: AbortSignal | undefined;
}

/** Takes in a manifest or index, and gives the descriptor under which it goes out. */
async function collect(blobs: BlobReader, descriptor: Descriptor, walk: Walk): Promise<Descriptor> {
  const { found, foreign, depth, signal } = walk;
  if (depth > nestingLimit) throw invalid(descriptor.digest, 'manifests', 'are nested too deeply');
  const text = await readDocument(blobs, descriptor, signal);
  const next = isIndex(descriptor.mediaType)
    ? await rewrittenIndex(blobs, { text, descriptor }, walk)
    : rewrittenManifest({ text, descriptor }, found, foreign);
  const bytes = Buffer.from(next ?? text);
  const out = { ...descriptor, digest: digestOf(bytes), size: bytes.byteLength };
  const { mediaType, digest, size } = out;
  found.manifests.set(digest, { descriptor: { mediaType, digest, size }, bytes });
  return out;
}

interface Document {
  readonly text: string;
  readonly descriptor: Descriptor;
}

/** Undefined where the index stays as it is, to the byte. */
async function rewrittenIndex(
  blobs: BlobReader,
  { text, descriptor }: Document,
  walk: Walk,
): Promise<string | undefined> {
  const index = parseIndex(text, descriptor);
  const manifests: Descriptor[] = [];
  for (const entry of index.manifests) {
    const isDocument = isManifest(entry.mediaType) || isIndex(entry.mediaType);
    if (!isDocument) {
      walk.found.blobs.set(entry.digest, entry);
      manifests.push(entry);
    } else if (await blobs.has(entry, walk.signal)) {
      manifests.push(await collect(blobs, entry, { ...walk, depth: walk.depth + 1 }));
    } else {
      walk.found.missing.add(imageWords(entry));
    }
  }
  const changed = manifests.some((entry, at) => entry.digest !== index.manifests[at]?.digest);
  return changed ? JSON.stringify({ ...index, manifests }) : undefined;
}

function imageWords({ digest, platform }: Descriptor): string {
  if (platform === undefined || platform.os === 'unknown') return `the manifest ${digest}`;
  return `the image for ${formatPlatform(platform)}`;
}

function rewrittenManifest(
  { text, descriptor }: Document,
  found: Collected,
  foreign: ForeignPush,
): string | undefined {
  const manifest = parseManifest(text, descriptor);
  const layers = manifest.layers.map(layer => {
    if (foreign !== 'push' || !isForeign(layer.mediaType)) return layer;
    found.released.add(layer.digest);
    return distributable(layer, descriptor.mediaType);
  });
  for (const blob of [manifest.config, ...layers]) found.blobs.set(blob.digest, blob);
  const changed = layers.some((layer, at) => layer !== manifest.layers[at]);
  return changed ? JSON.stringify({ ...manifest, layers }) : undefined;
}

/** The same blob as an ordinary layer, in the family of types of its manifest. */
function distributable(layer: Descriptor, manifestType: string): Descriptor {
  const { urls: _, ...rest } = layer;
  const compression = compressionOf(layer.mediaType) ?? 'gzip';
  if (manifestType !== mediaTypes.dockerManifest) {
    return { ...rest, mediaType: layerMediaType(compression) };
  }
  const dockerTypes = {
    none: mediaTypes.dockerLayer,
    gzip: mediaTypes.dockerLayerGzip,
    zstd: mediaTypes.dockerLayerZstd,
  };
  return { ...rest, mediaType: dockerTypes[compression] };
}

/** Throws `image-incomplete` where the store lacks a part of the image. */
export function checkComplete(reference: string, { missing, released }: OutgoingImage): void {
  if (missing.length === 0) return;
  const isIndexPartial = missing.some(words => words.startsWith('the image for '));
  const advice = isIndexPartial
    ? 'Push one image of it with --platform, or pull all of them first with --all-platforms.'
    : released.length > 0
      ? 'Pull it again with its foreign layers (--foreign urls), then push.'
      : 'Pull or build it again, then push.';
  throw new AppError({ code: 'image-incomplete', reference, missing, advice });
}
