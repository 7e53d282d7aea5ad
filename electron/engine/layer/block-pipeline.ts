import type { BlockCodec } from './block-codec.ts';
import { compressionSlots, createSlots } from './slots.ts';

/** Compresses blocks side by side and passes the results on in order. */
export interface BlockPipeline {
  /** Takes over `block`. Waits while enough blocks are in flight. */
  submit(block: Buffer, last: boolean): Promise<void>;
  /** Resolves when all that was submitted, and the trailer, has been passed on. */
  drain(): Promise<{ readonly compressMs: number; readonly writeMs: number }>;
}

/** Memory: at most twice `compressionSlots()` blocks and their compressed forms. */
export function createBlockPipeline(
  codec: BlockCodec,
  pass: (chunk: Uint8Array) => Promise<void>,
): BlockPipeline {
  const slots = compressionSlots();
  const inSlot = createSlots(slots);
  const pending: Promise<Uint8Array>[] = [Promise.resolve(codec.header)];
  let before: Buffer | undefined;
  let compressMs = 0;
  let writeMs = 0;

  async function passOldest(): Promise<void> {
    const oldest = await pending.shift();
    const start = performance.now();
    if (oldest && oldest.byteLength > 0) await pass(oldest);
    writeMs += performance.now() - start;
  }
  async function compress(
    block: Buffer,
    previous: Buffer | undefined,
    last: boolean,
  ): Promise<Uint8Array> {
    const start = performance.now();
    const compressed = await codec.compress(block, previous, last);
    compressMs += performance.now() - start;
    return compressed;
  }
  return {
    async submit(block, last) {
      while (pending.length >= 2 * slots) await passOldest();
      const previous = before;
      before = block;
      const job = inSlot(() => compress(block, previous, last));
      // It is awaited in order later; until then a failure must not count as unhandled.
      job.catch(() => undefined);
      pending.push(job);
    },
    async drain() {
      while (pending.length > 0) await passOldest();
      pending.push(Promise.resolve(codec.trailer()));
      await passOldest();
      return { compressMs, writeMs };
    },
  };
}
