import { createHash } from 'node:crypto';
import { sha256Digest, type Digest } from '../../../shared/oci/digest.ts';
import type { BlockCodec } from './block-codec.ts';
import { createBlockPipeline } from './block-pipeline.ts';

/** Where time went, in milliseconds. `compressMs` adds up threads that ran side by side. */
export interface WritePhases {
  readonly compressMs: number;
  readonly hashMs: number;
  readonly writeMs: number;
}

/** The uncompressed side of a layer that is being written. */
export interface CompressedOutput {
  /** Takes a copy of `chunk`. Waits while enough blocks are in flight. */
  write(chunk: Uint8Array): Promise<void>;
  finish(): Promise<{ readonly diffId: Digest; readonly phases: WritePhases }>;
}

/** Cuts what is written into blocks, hashes them, and has them compressed and passed on. */
export function createCompressedOutput(
  codec: BlockCodec,
  pass: (chunk: Uint8Array) => Promise<void>,
): CompressedOutput {
  const hash = createHash('sha256');
  const pipeline = createBlockPipeline(codec, pass);
  let hashMs = 0;
  let block = Buffer.allocUnsafeSlow(codec.blockSize);
  let used = 0;

  function submit(last: boolean): Promise<void> {
    const full = block.subarray(0, used);
    if (!last) block = Buffer.allocUnsafeSlow(codec.blockSize);
    used = 0;
    const start = performance.now();
    hash.update(full);
    hashMs += performance.now() - start;
    return pipeline.submit(full, last);
  }
  return {
    async write(chunk) {
      let offset = 0;
      while (offset < chunk.byteLength) {
        const part = chunk.subarray(offset, offset + block.byteLength - used);
        block.set(part, used);
        used += part.byteLength;
        offset += part.byteLength;
        if (used === block.byteLength) await submit(false);
      }
    },
    async finish() {
      await submit(true);
      const { compressMs, writeMs } = await pipeline.drain();
      return {
        diffId: sha256Digest(hash.digest('hex')),
        phases: { compressMs, hashMs, writeMs },
      };
    },
  };
}
