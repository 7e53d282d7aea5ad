import type { Bytes } from '../content/bytes.ts';
import type { BlobStore } from '../content/blob-store.ts';
import type { LayerEntry } from '../layer/entry.ts';
import { createIndexBuilder } from '../layer/index-builder.ts';
import type { LayerIndexes } from '../layer/layer-indexes.ts';
import { createLayerWriter } from '../layer/layer-writer.ts';
import { createBreathe } from './breathe.ts';
import type { Change } from './copy/change-set.ts';
import { layerEntries, type EntryOptions } from './copy/layer-entries.ts';
import type { StepReport } from './event-stream.ts';
import type { StepLayerRecord } from './cache/outcome.ts';

export interface LayerInputs {
  /** Parents before children. */
  readonly changes: readonly Change[];
  readonly options: EntryOptions;
  readonly compression: 'gzip' | 'zstd';
}

/** A layer that was written, and the entries it holds. */
export interface StepLayer {
  readonly record: StepLayerRecord;
  readonly entries: readonly LayerEntry[];
}

/** Where a layer goes: its bytes, and the index that is made of it at the same time. */
export interface LayerTarget {
  readonly blobs: BlobStore;
  readonly indexes: Pick<LayerIndexes, 'keep'>;
}

/** An entry on its way into a layer. Its content is read before the next entry is asked for. */
export interface SourceEntry {
  readonly entry: LayerEntry;
  readonly content?: Bytes;
}

/** What to write, and how. */
export interface LayerSource {
  readonly entries: Iterable<SourceEntry> | AsyncIterable<SourceEntry>;
  readonly compression: 'gzip' | 'zstd';
  /** Bytes of all contents, where they are known before. */
  readonly totalBytes?: number;
}

/** Writes the layer of one step into `blobs`. After a failure nothing of it is left. */
export async function writeLayer(
  inputs: LayerInputs,
  target: LayerTarget,
  report: StepReport,
  signal?: AbortSignal,
): Promise<StepLayer> {
  const { changes, options, compression } = inputs;
  const entries: LayerEntry[] = [];
  function* kept(): Generator<SourceEntry> {
    for (const { entry, content } of layerEntries(changes, options)) {
      entries.push(entry);
      yield { entry, ...(content ? { content: content.read(signal) } : {}) };
    }
  }
  const totalBytes = changes.reduce((sum, change) => sum + contentSize(change), 0);
  const written = await writeEntries(
    { entries: kept(), compression, totalBytes },
    target,
    report,
    signal,
  );
  const files = changes.filter(change => change.kind === 'content').length;
  return { record: { ...written, files }, entries };
}

/** Writes entries as a layer into `blobs`. `files` counts all but folders. After a failure nothing of it is left. */
export async function writeEntries(
  { entries, compression, totalBytes }: LayerSource,
  { blobs, indexes }: LayerTarget,
  report: StepReport,
  signal?: AbortSignal,
): Promise<StepLayerRecord> {
  const breathe = createBreathe();
  const index = createIndexBuilder();
  const writer = createLayerWriter({
    ingest: () => blobs.ingest(),
    compression,
    index,
    ...(signal ? { signal } : {}),
  });
  const total = totalBytes === undefined ? {} : { total: totalBytes };
  let current = 0;
  let files = 0;
  async function* counted(content: Bytes): Bytes {
    for await (const chunk of content) {
      yield chunk;
      current += chunk.byteLength;
      report.progress({ phase: 'compress', current, ...total, unit: 'bytes' });
      await breathe();
    }
  }
  try {
    for await (const { entry, content } of entries) {
      await breathe();
      await writer.add(entry, content && counted(content));
      if (entry.kind !== 'directory') files += 1;
    }
    const { descriptor, diffId, uncompressedSize, phases } = await writer.finish();
    await indexes.keep(index.finish({ diffId, uncompressedSize }));
    report.spent('compress', phases.compressMs);
    report.spent('hash', phases.hashMs);
    report.spent('write', phases.writeMs);
    return { descriptor, diffId, uncompressedSize, files };
  } finally {
    await writer.abort();
  }
}

function contentSize(change: Change): number {
  return change.kind === 'content' && change.node.kind === 'file' ? change.node.size : 0;
}
