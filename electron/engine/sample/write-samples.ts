import type { ImageConfig } from '../../../shared/oci/config.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { appendLayer, emptyImage, withConfig, type Image } from '../../../shared/oci/image.ts';
import type { ImageLayer } from '../../../shared/oci/layer-chain.ts';
import type { BlobStore } from '../content/blob-store.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import type { ImageNames } from '../content/image-names.ts';
import type { StoreLock } from '../content/store-lock.ts';
import { writeImage, writeIndex } from '../image/write-image.ts';
import { createIndexBuilder } from '../layer/index-builder.ts';
import type { LayerIndexes } from '../layer/layer-indexes.ts';
import { createLayerWriter, type LayerWriter } from '../layer/layer-writer.ts';
import { baseLayer } from './base-layer.ts';
import { bulkFiles, type Bulk } from './bulk-files.ts';
import { sampleCatalogue, sampleIndexes, type SampleImage, type SampleLayer } from './catalogue.ts';
import type { SampleEntry } from './sample-tree.ts';
import { seedOf } from './seeded-bytes.ts';
import { updateLayer } from './update-layer.ts';

/** The parts of a store that samples are written to. */
export interface SampleStore {
  readonly blobs: BlobStore;
  readonly names: ImageNames;
  readonly lock: StoreLock;
}

export interface SampleOptions {
  /** All of `sampleCatalogue()` otherwise. */
  readonly images?: readonly SampleImage[];
  /** Makes the base layer of every image larger, for benchmarks. */
  readonly bulk?: Bulk;
  readonly compression?: 'gzip' | 'zstd' | 'none';
  readonly onProgress?: (progress: SampleProgress) => void;
  /** Keeps the indexes of the layers, so that these need not be read to be looked into. */
  readonly indexes?: Pick<LayerIndexes, 'keep'>;
}

interface SampleProgress {
  readonly reference: string;
  readonly imagesDone: number;
  readonly imagesTotal: number;
}

/** Marks a sample: in the annotations of its manifest and of its entry in the store, and in the labels of its config. */
export const sampleMark = 'io.layerwright.sample';
const sampleAnnotations = { [sampleMark]: 'true' };
/** Tells samples of this generator from those of an older one. Raise it when the content changes. */
const revisionMark = 'io.layerwright.sample.revision';
export const generatorRevision = '1';

/**
 * Writes sample base images and names them, unless the store has them already. The same options give the same
 * digests everywhere. Gives the references that were written; none where all were there.
 */
export async function writeSampleImages(
  store: SampleStore,
  options: SampleOptions = {},
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const images = options.images ?? sampleCatalogue();
  const indexes = sampleIndexes(images);
  const revision = revisionOf(images, options);
  const wanted = [...images, ...indexes].flatMap(({ references }) => references);
  if (await hasAll(store, wanted, revision)) return [];
  using _ = await store.lock.shared(signal);
  const name = async (references: readonly string[], descriptor: Descriptor) => {
    const annotations = { ...sampleAnnotations, [revisionMark]: revision };
    for (const reference of references) {
      await store.names.set(reference, { ...descriptor, annotations }, signal);
    }
  };
  const written = new Map<SampleImage, Descriptor>();
  for (const [imagesDone, image] of images.entries()) {
    const progress = { reference: image.references[0], imagesDone, imagesTotal: images.length };
    options.onProgress?.(progress);
    const descriptor = await writeSample(store.blobs, image, options, signal);
    written.set(image, descriptor);
    await name(image.references, descriptor);
  }
  for (const { references, images: members } of indexes) {
    const manifests = members.flatMap(image => written.get(image) ?? []);
    await name(references, await writeIndex(store.blobs, manifests, sampleAnnotations, signal));
  }
  return wanted;
}

/** An index depends on which images it is over, so these are part of the revision. */
function revisionOf(images: readonly SampleImage[], { bulk, compression }: SampleOptions): string {
  const names = images.map(({ references }) => references[0]).join(' ');
  return [
    generatorRevision,
    seedOf(names).toString(16),
    compression ?? 'gzip',
    ...(bulk === undefined ? [] : [bulk.sizeBytes, bulk.fileCount]),
  ].join('-');
}

async function hasAll(
  { blobs, names }: SampleStore,
  references: readonly string[],
  revision: string,
): Promise<boolean> {
  const found = new Map((await names.list()).map(image => [image.reference, image.descriptor]));
  for (const reference of references) {
    const descriptor = found.get(reference);
    if (descriptor?.annotations?.[revisionMark] !== revision) return false;
    if (!(await blobs.has(descriptor))) return false;
  }
  return true;
}

async function writeSample(
  blobs: BlobStore,
  sample: SampleImage,
  options: SampleOptions,
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  let image: Image = emptyImage(sample.platform);
  for (const layer of sample.layersBaseFirst) {
    const written = await writeLayer(blobs, layer, options, signal);
    image = appendLayer(image, written, {
      created: createdOf(layer),
      created_by: `${layer.kind === 'base' ? 'Apply image' : 'Install update'} ${layer.version.text}`,
    });
  }
  const configured = withConfig(image, config => configOf(sample, config));
  return writeImage(blobs, configured, sampleAnnotations, signal);
}

function createdOf({ version }: SampleLayer): string {
  return new Date(Number(version.time / 1_000_000n)).toISOString();
}

/** What Microsoft's images say: a shell to start, and for Nano Server the user that may do little. */
function configOf({ layersBaseFirst }: SampleImage, config: ImageConfig): ImageConfig {
  const [base] = layersBaseFirst;
  const top = layersBaseFirst.at(-1) ?? base;
  return {
    ...config,
    created: createdOf(top),
    config: {
      ...(base.version.family === 'nanoserver' ? { User: 'ContainerUser' } : {}),
      Cmd: ['c:\\windows\\system32\\cmd.exe'],
      Labels: { ...sampleAnnotations },
    },
  };
}

async function writeLayer(
  blobs: BlobStore,
  layer: SampleLayer,
  options: SampleOptions,
  signal: AbortSignal | undefined,
): Promise<ImageLayer> {
  const index = createIndexBuilder();
  const writer = createLayerWriter({
    ingest: () => blobs.ingest(),
    compression: options.compression ?? 'gzip',
    index,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    await addAll(writer, sampleLayerEntries(layer, options.bulk), signal);
    const { descriptor, diffId, uncompressedSize } = await writer.finish();
    await options.indexes?.keep(index.finish({ diffId, uncompressedSize }));
    return { descriptor, diffId };
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

async function addAll(
  writer: LayerWriter,
  entries: Iterable<SampleEntry>,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (const { entry, content } of entries) {
    throwIfCancelled(signal);
    await writer.add(entry, content);
  }
}

/** The entries of a layer in tar order. With `bulk`, a base holds that much more. */
export function* sampleLayerEntries(layer: SampleLayer, bulk?: Bulk): Iterable<SampleEntry> {
  if (layer.kind === 'update') {
    yield* updateLayer(layer.on, layer.version);
    return;
  }
  yield* baseLayer(layer.version);
  if (bulk !== undefined) yield* bulkFiles(bulk, layer.version.time);
}
