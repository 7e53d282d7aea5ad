import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../../shared/failure.ts';
import type { ImageConfig } from '../../../shared/oci/config.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { sha256Digest, type Digest } from '../../../shared/oci/digest.ts';
import { invalid, parseImageConfig } from '../../../shared/oci/document.ts';
import { platformOf } from '../../../shared/oci/image.ts';
import { readJson } from '../../../shared/oci/json.ts';
import type { ImageLayer } from '../../../shared/oci/layer-chain.ts';
import { documentLimit, layerLimit, type Manifest } from '../../../shared/oci/manifest.ts';
import { layerMediaType, mediaTypes, type Compression } from '../../../shared/oci/media-types.ts';
import { canonicalReference } from '../../../shared/oci/reference.ts';
import type { BlobReader } from '../content/blob-store.ts';
import type { Bytes } from '../content/bytes.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import type { NamedImage } from '../content/image-names.ts';
import { digestOf, verified } from '../content/verified.ts';
import { archiveInvalid } from './tar-block.ts';
import type { TarIndex } from './tar-index.ts';
import { compressionOfBytes, unpacked } from './unpacked.ts';

const manifestJsonSchema = z.array(
  z.looseObject({
    Config: z.string(),
    RepoTags: z.array(z.string()).nullish(),
    Layers: z.array(z.string()).max(layerLimit),
  }),
);
type ArchivedImage = z.infer<typeof manifestJsonSchema>[number];

/** What `docker save`, skopeo or podman wrote, as OCI images: nothing is copied, contents are read where they stand. */
export interface DockerArchive {
  /** One entry per tag; an image without one comes once. */
  readonly images: readonly NamedImage[];
  /** Layers, configs, and the OCI manifests that the images have here. */
  readonly blobs: BlobReader;
  /** Each once, in the order of the archive. */
  readonly layers: readonly ImageLayer[];
  /** Configs and manifests, each after what it needs. */
  readonly documents: readonly Descriptor[];
}

/**
 * Opens a docker-archive. A layer that stands unpacked has its diff ID as digest and is checked when it is read; a
 * packed one is read through here, for its digest. Throws archive-invalid, image-invalid.
 */
export async function openDockerArchive(
  tar: TarIndex,
  signal?: AbortSignal,
): Promise<DockerArchive> {
  const archived = parseManifestJson(
    await tar.text('manifest.json', documentLimit, signal),
    tar.path,
  );
  const layers = new Map<string, ArchivedLayer>();
  const documents = new Map<Digest, Document>();
  const images: NamedImage[] = [];
  for (const image of archived) {
    const descriptor = await openImage(tar, image, { layers, documents }, signal);
    const tags = (image.RepoTags ?? []).map(tag => canonicalReference(tag));
    if (tags.length === 0) images.push({ descriptor });
    images.push(...tags.map(reference => ({ reference, descriptor })));
  }
  const byDigest = new Map([...layers.values()].map(each => [each.layer.descriptor.digest, each]));
  return {
    images,
    blobs: readerOf(tar, byDigest, documents),
    layers: [...byDigest.values()].map(({ layer }) => layer),
    documents: [...documents.values()].map(({ descriptor }) => descriptor),
  };
}

interface ArchivedLayer {
  /** In the archive. */
  readonly name: string;
  readonly layer: ImageLayer;
  /** The place in the config that names its diff ID. */
  readonly place: { readonly config: Digest; readonly position: number };
}

interface Document {
  readonly descriptor: Descriptor;
  readonly content: Buffer;
}

interface Opened {
  /** By name in the archive. */
  readonly layers: Map<string, ArchivedLayer>;
  readonly documents: Map<Digest, Document>;
}

async function openImage(
  tar: TarIndex,
  image: ArchivedImage,
  { layers, documents }: Opened,
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  const text = await tar.text(image.Config, documentLimit, signal);
  const digest = digestOf(text);
  const config = parseImageConfig(text, digest);
  checkCount(config, digest, image.Layers.length);
  for (const [position, name] of image.Layers.entries()) {
    const place = { config: digest, position };
    const diffId = config.rootfs.diff_ids[position] ?? digest;
    const known = layers.get(name);
    const layer = known?.layer ?? (await openLayer(tar, name, diffId, signal));
    if (layer.diffId !== diffId) throw otherLayer(place, diffId, layer.diffId);
    if (!known) layers.set(name, { name, layer, place });
  }
  const put = (mediaType: string, content: Buffer): Descriptor => {
    const descriptor = { mediaType, digest: digestOf(content), size: content.byteLength };
    documents.set(descriptor.digest, { descriptor, content });
    return descriptor;
  };
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: put(mediaTypes.ociConfig, Buffer.from(text)),
    layers: image.Layers.flatMap(name => layers.get(name)?.layer.descriptor ?? []),
  };
  const descriptor = put(mediaTypes.ociManifest, Buffer.from(JSON.stringify(manifest)));
  return { ...descriptor, platform: platformOf(config) };
}

async function openLayer(
  tar: TarIndex,
  name: string,
  diffId: Digest,
  signal: AbortSignal | undefined,
): Promise<ImageLayer> {
  const compression = await sniff(tar, name, signal);
  const size = tar.size(name) ?? 0;
  const mediaType = layerMediaType(compression);
  if (compression === 'none') return { descriptor: { mediaType, digest: diffId, size }, diffId };
  const [packed, plain] = [createHash('sha256'), createHash('sha256')];
  const damaged = (problem: string) =>
    archiveInvalid(tar.path, `the layer "${name}" is damaged: ${problem}`);
  const content = passing(tar.read(name, signal), chunk => packed.update(chunk));
  for await (const chunk of unpacked(content, compression, damaged)) plain.update(chunk);
  const digest = sha256Digest(packed.digest('hex'));
  return { descriptor: { mediaType, digest, size }, diffId: sha256Digest(plain.digest('hex')) };
}

async function sniff(
  tar: TarIndex,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Compression> {
  for await (const chunk of tar.read(name, signal)) return compressionOfBytes(chunk);
  return 'none';
}

async function* passing(content: Bytes, see: (chunk: Uint8Array) => void): Bytes {
  for await (const chunk of content) {
    see(chunk);
    yield chunk;
  }
}

function readerOf(
  tar: TarIndex,
  layers: ReadonlyMap<Digest, ArchivedLayer>,
  documents: ReadonlyMap<Digest, Document>,
): BlobReader {
  return {
    has: async ({ digest, size }) =>
      (documents.get(digest) ?? layers.get(digest)?.layer)?.descriptor.size === size,
    async *read(blob, signal) {
      throwIfCancelled(signal);
      const document = documents.get(blob.digest);
      const layer = layers.get(blob.digest);
      if (document) yield document.content;
      else if (layer) yield* readLayer(tar, layer, signal);
      else throw new AppError({ code: 'blob-missing', digest: blob.digest });
    },
  };
}

/** What was promised of an unpacked layer came from the config: it is the config that is wrong. */
async function* readLayer(
  tar: TarIndex,
  { name, layer, place }: ArchivedLayer,
  signal: AbortSignal | undefined,
): Bytes {
  const { descriptor, diffId } = layer;
  try {
    yield* verified(descriptor, tar.read(name, signal));
  } catch (error) {
    const failure = error instanceof AppError ? error.failure : undefined;
    if (failure?.code !== 'blob-mismatch' || descriptor.digest !== diffId) throw error;
    throw otherLayer(place, diffId, failure.actual);
  }
}

function otherLayer(
  { config, position }: ArchivedLayer['place'],
  expected: string,
  actual: string,
): AppError {
  const field = `rootfs.diff_ids[${position}]`;
  return invalid(config, field, `is ${expected}, but the layer is ${actual}`);
}

function checkCount(config: ImageConfig, digest: Digest, layers: number): void {
  const expected = config.rootfs.diff_ids.length;
  if (expected === layers) return;
  throw invalid(
    digest,
    'rootfs.diff_ids',
    `has ${expected} entries, but the archive has ${layers} layers`,
  );
}

function parseManifestJson(text: string, path: string): readonly ArchivedImage[] {
  const reading = readJson(manifestJsonSchema, text);
  if (reading.kind === 'value') return reading.value;
  throw archiveInvalid(path, `manifest.json: ${reading.field}: ${reading.problem}`);
}
