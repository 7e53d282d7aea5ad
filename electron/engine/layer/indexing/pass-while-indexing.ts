import type { Bytes } from '../../content/bytes.ts';
import type { LayerRef } from '../index-layer.ts';
import type { IndexData } from '../layer-index.ts';
import type { IndexingPool } from './worker-pool.ts';

/** Passes `blob` on; when it has passed as a whole and its index was made, `keep` gets that. Fails only as `blob` does. */
export async function* passWhileIndexing(
  pool: IndexingPool,
  layer: LayerRef,
  blob: Bytes,
  keep: (data: IndexData) => Promise<unknown>,
): Bytes {
  const job = pool.beside(layer);
  if (!job) return yield* blob;
  try {
    for await (const chunk of blob) {
      await job.write(chunk);
      yield chunk;
    }
    job.end();
    // A layer that cannot be indexed is still the blob that somebody wants.
    await job.result.then(keep).catch(() => undefined);
  } finally {
    // Of a stream that nobody reads to its end nothing is kept.
    job.abort();
  }
}
