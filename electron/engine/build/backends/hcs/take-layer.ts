import type { BlobStore } from '../../../content/blob-store.ts';
import type { LayerIndexes } from '../../../layer/layer-indexes.ts';
import type { StepReport } from '../../event-stream.ts';
import type { StepLayerRecord } from '../../cache/outcome.ts';
import { writeEntries, type SourceEntry } from '../../write-layer.ts';

interface Target {
  readonly blobs: BlobStore;
  readonly indexes: Pick<LayerIndexes, 'keep'>;
  readonly compression: 'gzip' | 'zstd';
}

/**
 * Writes what a RUN changed as a layer. None where nothing below the top folders changed: BuildKit leaves such a layer
 * out of the image, too (its exporter's normalizeLayersAndHistory).
 */
export async function takeLayer(
  exported: AsyncIterable<SourceEntry>,
  target: Target,
  report: StepReport,
  signal?: AbortSignal,
): Promise<StepLayerRecord | undefined> {
  const iterator = exported[Symbol.asyncIterator]();
  const top: SourceEntry[] = [];
  for (;;) {
    const next = await iterator.next();
    if (next.done === true) return undefined;
    top.push(next.value);
    if (next.value.entry.path.includes('/')) break;
  }
  async function* all(): AsyncGenerator<SourceEntry> {
    yield* top;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next())
      yield next.value;
  }
  const { compression } = target;
  try {
    return await writeEntries({ entries: all(), compression }, target, report, signal);
  } finally {
    await iterator.return?.();
  }
}
