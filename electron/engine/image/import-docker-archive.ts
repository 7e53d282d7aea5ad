import { createHash } from 'node:crypto';
import { z } from 'zod';
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
import type { BlobStore } from '../content/blob-store.ts';
import type { Bytes } from '../content/bytes.ts';
import { writeDocument } from '../content/document-blob.ts';
import type { NamedImage } from '../content/image-names.ts';
import { digestOf } from '../content/verified.ts';
import type { TransferOptions } from './export-layout.ts';
import { counted } from './progress.ts';
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

/**
 * Brings in what `docker save`, skopeo or podman wrote. Layers are kept as they stand in the archive, mostly unpacked,
 * and become OCI layers under a new OCI manifest; the config keeps its bytes. Every layer is checked against the
 * config's diff IDs. Gives one entry per tag.
 */
export async function importDockerArchive(
  blobs: BlobStore,
  tar: TarIndex,
  options: TransferOptions,
): Promise<readonly NamedImage[]> {
  const archived = parseManifestJson(
    await tar.text('manifest.json', documentLimit, options.signal),
    tar.path,
  );
  const layers = new Map<string, ImageLayer>();
  const images: NamedImage[] = [];
  for (const image of archived) {
    const descriptor = await importImage(blobs, tar, { image, layers, options });
    const tags = (image.RepoTags ?? []).map(tag => canonicalReference(tag));
    if (tags.length === 0) images.push({ descriptor });
    images.push(...tags.map(reference => ({ reference, descriptor })));
  }
  return images;
}

interface ImportContext {
  readonly image: ArchivedImage;
  /** Layers that are in the store already, by their name in the archive. */
  readonly layers: Map<string, ImageLayer>;
  readonly options: TransferOptions;
}

async function importImage(
  blobs: BlobStore,
  tar: TarIndex,
  context: ImportContext,
): Promise<Descriptor> {
  const { image, layers, options } = context;
  const text = await tar.text(image.Config, documentLimit, options.signal);
  const digest = digestOf(text);
  const config = parseImageConfig(text, digest);
  for (const [index, name] of image.Layers.entries()) {
    const layer = layers.get(name) ?? (await importLayer(blobs, tar, name, options));
    layers.set(name, layer);
    checkDiffId(config, digest, index, layer.diffId);
  }
  checkCount(config, digest, image.Layers.length);
  const size = Buffer.byteLength(text);
  const configDescriptor = { mediaType: mediaTypes.ociConfig, digest, size };
  await blobs.write(configDescriptor, once(Buffer.from(text)), options.signal);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: configDescriptor,
    layers: image.Layers.flatMap(name => layers.get(name)?.descriptor ?? []),
  };
  const descriptor = await writeDocument(blobs, mediaTypes.ociManifest, manifest, options.signal);
  return { ...descriptor, platform: platformOf(config) };
}

/** One pass: the layer is stored as it is while its unpacked form is hashed. */
async function importLayer(
  blobs: BlobStore,
  tar: TarIndex,
  name: string,
  { onProgress, signal }: TransferOptions,
): Promise<ImageLayer> {
  const compression = await sniff(tar, name, signal);
  const mediaType = layerMediaType(compression);
  const ingest = await blobs.ingest();
  try {
    const hash = createHash('sha256');
    const told = { blob: name, total: tar.size(name) ?? 0 };
    const content = counted(told, tar.read(name, signal), onProgress);
    const stored = storing(content, chunk => ingest.write(chunk));
    const damaged = (problem: string) =>
      archiveInvalid(tar.path, `the layer "${name}" is damaged: ${problem}`);
    for await (const chunk of unpacked(stored, compression, damaged)) hash.update(chunk);
    const { digest, size } = await ingest.commit();
    return { descriptor: { mediaType, digest, size }, diffId: sha256Digest(hash.digest('hex')) };
  } finally {
    await ingest.abort();
  }
}

async function sniff(
  tar: TarIndex,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Compression> {
  for await (const chunk of tar.read(name, signal)) return compressionOfBytes(chunk);
  return 'none';
}

async function* storing(content: Bytes, store: (chunk: Uint8Array) => Promise<void>): Bytes {
  for await (const chunk of content) {
    await store(chunk);
    yield chunk;
  }
}

async function* once(content: Uint8Array): Bytes {
  yield content;
}

function checkDiffId(config: ImageConfig, digest: Digest, index: number, actual: Digest): void {
  const expected = config.rootfs.diff_ids[index];
  if (actual === expected) return;
  throw invalid(
    digest,
    `rootfs.diff_ids[${index}]`,
    `is ${expected ?? 'missing'}, but the layer is ${actual}`,
  );
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
