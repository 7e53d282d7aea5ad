import { createHash } from 'node:crypto';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { AppError } from '../../../shared/failure.ts';
import type { Ingest } from '../content/blob-store.ts';
import type { Bytes } from '../content/bytes.ts';
import { throwIfCancelled } from '../content/cancel.ts';
import { createBlockCodec, type LayerCompression } from './block-codec.ts';
import { createCompressedOutput, type WritePhases } from './compressed-output.ts';
import { encodeEntryHeader, tarPath } from './entry-header.ts';
import type { LayerEntry } from './entry.ts';
import type { IndexBuilder } from './index-builder.ts';
import { tarBlock, tarPadding } from './tar-header.ts';
import { createWrittenPaths } from './written-paths.ts';

/** What a layer writer needs. */
export interface LayerWriterOptions {
  /** Opens the blob that the layer becomes; called once, with the first byte. */
  readonly ingest: () => Promise<Ingest>;
  readonly compression: LayerCompression;
  /** As the format counts it; its own default otherwise. */
  readonly level?: number;
  /** Gets every entry, so that the layer need not be read to be looked into. */
  readonly index?: Pick<IndexBuilder, 'add'>;
  /** Called after each entry. */
  readonly onProgress?: (progress: WriteProgress) => void;
  readonly signal?: AbortSignal;
}

/** Bytes are of the uncompressed tar. */
export interface WriteProgress {
  readonly entries: number;
  readonly bytes: number;
}

/** A layer that is in the store. Sizes in bytes. */
export interface WrittenLayer {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  readonly uncompressedSize: number;
  readonly entries: number;
  readonly phases: WritePhases;
}

/** Writes the tar of one Windows layer. The same entries give the same bytes, on every machine. */
export interface LayerWriter {
  /**
   * Adds an entry; `content` (of files and streams) must have exactly `entry.size` bytes. Its chunks are
   * copied, so that their memory may be reused. Await one `add` before the next. After a failure only
   * `abort` is left.
   */
  add(entry: LayerEntry, content?: Bytes): Promise<void>;
  /** Ends the tar and stores the blob. */
  finish(): Promise<WrittenLayer>;
  /** Removes what was written. Harmless after `finish`. */
  abort(): Promise<void>;
}

/** Starts a layer. Fails with `compression-unavailable` if this Node lacks the compression. */
export function createLayerWriter(options: LayerWriterOptions): LayerWriter {
  const codec = createBlockCodec(options.compression, options.level);
  const written = createWrittenPaths();
  let ingest: Ingest | undefined;
  const output = createCompressedOutput(codec, async chunk => {
    ingest ??= await options.ingest();
    await ingest.write(chunk);
  });
  let entries = 0;
  let size = 0;

  async function write(chunk: Uint8Array): Promise<void> {
    throwIfCancelled(options.signal);
    size += chunk.byteLength;
    await output.write(chunk);
  }
  return {
    async add(entry, content) {
      written.add(entry);
      await write(encodeEntryHeader(entry));
      const contentOffset = size;
      const hash = options.index && hasContent(entry) ? createHash('sha256') : undefined;
      await writeContent(entry, content, chunk => {
        hash?.update(chunk);
        return write(chunk);
      });
      await write(new Uint8Array(tarPadding(hasContent(entry) ? entry.size : 0)));
      options.index?.add(entry, contentOffset, hash?.digest());
      entries += 1;
      options.onProgress?.({ entries, bytes: size });
    },
    async finish() {
      // Two zero blocks end a tar (POSIX ustar).
      await write(new Uint8Array(2 * tarBlock));
      const { diffId, phases } = await output.finish();
      ingest ??= await options.ingest();
      const descriptor = { mediaType: codec.mediaType, ...(await ingest.commit()) };
      return { descriptor, diffId, uncompressedSize: size, entries, phases };
    },
    async abort() {
      await ingest?.abort();
    },
  };
}

async function writeContent(
  entry: LayerEntry,
  content: Bytes | undefined,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<void> {
  const expected = hasContent(entry) ? entry.size : 0;
  let actual = 0;
  for await (const chunk of content ?? []) {
    actual += chunk.byteLength;
    if (actual > expected) break;
    await write(chunk);
  }
  if (actual !== expected) {
    throw new AppError({ code: 'layer-content-size', path: tarPath(entry), expected, actual });
  }
}

function hasContent(entry: LayerEntry): entry is Extract<LayerEntry, { readonly size: number }> {
  return entry.kind === 'file' || entry.kind === 'stream';
}
