import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { AppError } from '../../../../shared/failure.ts';
import { sha256Digest } from '../../../../shared/oci/digest.ts';
import type { ImageLayer } from '../../../../shared/oci/layer-chain.ts';
import type { BlobReader } from '../../content/blob-store.ts';
import type { Bytes } from '../../content/bytes.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import { decompress } from '../../layer/decompress.ts';
import type { LayerIndex } from '../../layer/layer-index.ts';
import { readLayer, type ReadEntry } from '../../layer/layer-reader.ts';
import { createLayerChecker, type CheckedLayer } from './check-layer.ts';

/** How often a long loop lets others run. */
const breatheEvery = 2000;

/** Checks all entries of a layer before any of it is written. Fails with `layer-import-refused`. */
export async function checkIndex(
  index: LayerIndex,
  layer: CheckedLayer,
  onEntry: (number: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  const checker = createLayerChecker(layer);
  for (let number = 0; number < index.count; number++) {
    if (number % breatheEvery === 0) {
      await setImmediate();
      throwIfCancelled(signal);
    }
    checker.add(index.entryAt(number));
    onEntry(number);
  }
}

/**
 * The entries of a layer out of its blob. Reading them to the end verifies the diff ID: fails with `diff-id-mismatch`
 * after the last entry, with `layer-malformed`, and with what the store fails with.
 */
export async function* layerEntriesOf(
  blobs: BlobReader,
  { descriptor, diffId }: ImageLayer,
  signal?: AbortSignal,
): AsyncGenerator<ReadEntry> {
  const { digest, mediaType } = descriptor;
  const hash = createHash('sha256');
  async function* hashed(tar: Bytes): Bytes {
    for await (const chunk of tar) {
      hash.update(chunk);
      yield chunk;
    }
  }
  const tar = hashed(decompress(blobs.read(descriptor, signal), mediaType, digest));
  yield* readLayer(tar, { digest, ...(signal && { signal }) });
  const actual = sha256Digest(hash.digest('hex'));
  if (actual !== diffId) {
    throw new AppError({ code: 'diff-id-mismatch', digest, expected: diffId, actual });
  }
}
