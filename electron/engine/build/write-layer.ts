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
import type { StepLayerRecord } from './step-cache.ts';

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

/** Writes the layer of one step into `blobs`. After a failure nothing of it is left. */
export async function writeLayer(
  inputs: LayerInputs,
  { blobs, indexes }: LayerTarget,
  report: StepReport,
  signal?: AbortSignal,
): Promise<StepLayer> {
  const { changes, options, compression } = inputs;
  const entries: LayerEntry[] = [];
  const breathe = createBreathe();
  const total = changes.reduce((sum, change) => sum + contentSize(change), 0);
  const index = createIndexBuilder();
  const writer = createLayerWriter({
    ingest: () => blobs.ingest(),
    compression,
    index,
    ...(signal ? { signal } : {}),
  });
  let current = 0;
  async function* counted(content: Bytes): Bytes {
    for await (const chunk of content) {
      yield chunk;
      current += chunk.byteLength;
      report.progress({ phase: 'compress', current, total, unit: 'bytes' });
      await breathe();
    }
  }
  try {
    for (const { entry, content } of layerEntries(changes, options)) {
      await breathe();
      await writer.add(entry, content && counted(content.read(signal)));
      entries.push(entry);
    }
    const { descriptor, diffId, uncompressedSize, phases } = await writer.finish();
    await indexes.keep(index.finish({ diffId, uncompressedSize }));
    report.spent('compress', phases.compressMs);
    report.spent('hash', phases.hashMs);
    report.spent('write', phases.writeMs);
    const files = changes.filter(change => change.kind === 'content').length;
    return { record: { descriptor, diffId, uncompressedSize, files }, entries };
  } finally {
    await writer.abort();
  }
}

function contentSize(change: Change): number {
  return change.kind === 'content' && change.node.kind === 'file' ? change.node.size : 0;
}
