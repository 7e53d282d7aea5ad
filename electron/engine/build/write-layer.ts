import type { BlobStore } from '../content/blob-store.ts';
import type { LayerEntry } from '../layer/entry.ts';
import { createLayerWriter } from '../layer/layer-writer.ts';
import type { Change } from './copy/change-set.ts';
import { layerEntries, type TimePolicy } from './copy/layer-entries.ts';
import type { StepReport } from './event-stream.ts';
import type { StepLayerRecord } from './step-cache.ts';

export interface LayerInputs {
  /** Parents before children. */
  readonly changes: readonly Change[];
  readonly times: TimePolicy;
  /** The `Files` entry of the image, which keeps what it has. */
  readonly root?: LayerEntry;
  readonly compression: 'gzip' | 'zstd';
}

/** Writes the layer of one step into `blobs`. After a failure nothing of it is left. */
export async function writeLayer(
  inputs: LayerInputs,
  blobs: BlobStore,
  report: StepReport,
  signal?: AbortSignal,
): Promise<StepLayerRecord> {
  const { changes, times, root, compression } = inputs;
  const total = changes.reduce((sum, change) => sum + contentSize(change), 0);
  const writer = createLayerWriter({
    ingest: () => blobs.ingest(),
    compression,
    onProgress: ({ bytes }) =>
      report.progress({ phase: 'compress', current: Math.min(bytes, total), total, unit: 'bytes' }),
    ...(signal ? { signal } : {}),
  });
  try {
    for (const { entry, content } of layerEntries(changes, times, root))
      await writer.add(entry, content?.read(signal));
    const { descriptor, diffId, uncompressedSize, phases } = await writer.finish();
    report.spent('compress', phases.compressMs);
    report.spent('hash', phases.hashMs);
    report.spent('write', phases.writeMs);
    const files = changes.filter(change => change.kind === 'content').length;
    return { descriptor, diffId, uncompressedSize, files };
  } finally {
    await writer.abort();
  }
}

function contentSize(change: Change): number {
  return change.kind === 'content' && change.node.kind === 'file' ? change.node.size : 0;
}
