import { MemoryBlobStore } from '../../../../electron/engine/content/memory-blob-store.ts';
import type { Bytes } from '../../../../electron/engine/content/bytes.ts';
import type { LayerCompression } from '../../../../electron/engine/layer/block-codec.ts';
import type { LayerEntry } from '../../../../electron/engine/layer/entry.ts';
import { indexLayer } from '../../../../electron/engine/layer/index-layer.ts';
import { layerIndexOf, type LayerIndex } from '../../../../electron/engine/layer/layer-index.ts';
import {
  createLayerWriter,
  type WrittenLayer,
} from '../../../../electron/engine/layer/layer-writer.ts';

/** An entry and, for files and streams, its content. */
export type Planned = readonly [entry: LayerEntry, content?: Uint8Array];

const time = 1_700_000_000_123_456_700n;
const common = {
  modified: time,
  accessed: time + 100n,
  changed: time + 200n,
  created: time + 300n,
};

export function dir(path: string, change: Partial<LayerEntry> = {}): Planned {
  return [{ ...common, attributes: 16, ...change, kind: 'directory', path }];
}

export function file(
  path: string,
  content: string | Uint8Array,
  change: Partial<LayerEntry> = {},
): Planned {
  const bytes = Buffer.from(content);
  const entry = { ...common, attributes: 32, ...change, kind: 'file', path, size: bytes.length };
  return [entry as LayerEntry, bytes];
}

export function stream(path: string, streamName: string, content: string): Planned {
  const { modified, accessed, changed } = common;
  const bytes = Buffer.from(content);
  return [
    {
      modified,
      accessed,
      changed,
      attributes: 0,
      kind: 'stream',
      path,
      streamName,
      size: bytes.length,
    },
    bytes,
  ];
}

export function hardLink(path: string, target: string): Planned {
  return [{ ...common, attributes: 32, kind: 'hard-link', path, target }];
}

export function symlink(path: string, target: string, mountPoint = false): Planned {
  return [{ ...common, attributes: 0x410, kind: 'symlink', path, target, mountPoint }];
}

export function whiteout(path: string): Planned {
  return [{ attributes: 0, modified: 0n, kind: 'whiteout', path }];
}

/** A layer that was written, with its blob. */
export interface TestLayer {
  readonly written: WrittenLayer;
  readonly blob: Buffer;
  readonly store: MemoryBlobStore;
}

export async function writeLayer(
  planned: readonly Planned[],
  compression: LayerCompression = 'none',
  store = new MemoryBlobStore(),
): Promise<TestLayer> {
  const writer = createLayerWriter({ compression, ingest: () => store.ingest() });
  for (const [entry, content] of planned) await writer.add(entry, content && pieces(content));
  const written = await writer.finish();
  return { written, blob: await bytesOf(store.read(written.descriptor)), store };
}

/** The same bytes in pieces of `size`. */
export async function* pieces(content: Uint8Array, size = 65_536): Bytes {
  for (let at = 0; at < content.byteLength; at += size) yield content.subarray(at, at + size);
}

export async function bytesOf(bytes: Bytes): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const chunk of bytes) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

export async function indexOf(planned: readonly Planned[]): Promise<LayerIndex> {
  const { written, blob } = await writeLayer(planned);
  const data = await indexLayer(pieces(blob), written);
  return layerIndexOf(data);
}

export function failureCode(code: string, part: Record<string, unknown> = {}) {
  return { failure: { code, ...part } };
}
