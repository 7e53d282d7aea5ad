import { createHash, randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { AppError } from '../../../../shared/failure.ts';
import { sha256Digest } from '../../../../shared/oci/digest.ts';
import type { ExtractedFile, FilePreview } from '../../../../shared/ipc/layer-views.ts';
import type { Bytes } from '../../content/bytes.ts';
import { renameOver, withFailure } from '../../content/file-system.ts';
import type { ContentRange, IndexedLayer, LayerContents } from '../../layer/layer-contents.ts';
import type { EntryAt } from '../../layer/tree-node.ts';
import type { ChainInspector } from '../chain-inspector.ts';
import { detectContent, detectionLength } from './detect-content.ts';

/** A chain whose contents can be read. */
export interface ReadableChain {
  readonly inspector: Pick<ChainInspector, 'contentAt'>;
  readonly layersBaseFirst: readonly IndexedLayer[];
  readonly contents: LayerContents;
}

/** A file as it stands after a layer (base first, from 0). `path` may name a stream: `Files/a.txt:zone`. */
export interface FileAt {
  readonly layerIndex: number;
  readonly path: string;
}

/** A part of a file and what the whole seems to be. Fails with `bad-request` for what has no content. */
export async function previewFile(
  chain: ReadableChain,
  file: FileAt,
  range: ContentRange,
  signal?: AbortSignal,
): Promise<FilePreview> {
  const found = locate(chain, file);
  const { index } = found.layer;
  const part = await collect(openAt(chain, found, range, signal));
  const head = { offset: 0, length: detectionLength };
  const start =
    range.offset === 0 && (part.byteLength >= detectionLength || part.byteLength === found.size)
      ? part.subarray(0, detectionLength)
      : await collect(openAt(chain, found, head, signal));
  return {
    path: found.path,
    size: found.size,
    offset: Math.min(range.offset, found.size),
    base64: part.toString('base64'),
    detected: detectContent(start),
    layerIndex: found.at.layerIndex,
    contentHash: Buffer.from(index.contentHashAt(found.at.entryNumber)).toString('hex'),
  };
}

/**
 * Writes a file of the chain to `target`, aside first; what stood there is replaced. The content is checked against
 * the index. `onProgress` is told the bytes so far and of all.
 */
export async function extractFile(
  chain: ReadableChain,
  file: FileAt,
  target: string,
  options: {
    readonly onProgress?: (current: number, total: number) => void;
    readonly signal?: AbortSignal;
  } = {},
): Promise<ExtractedFile> {
  const found = locate(chain, file);
  const content = openAt(chain, found, undefined, options.signal);
  return await writeContent(content, target, bytes => options.onProgress?.(bytes, found.size));
}

/** Writes a content to `target`, aside first; what stood there is replaced. `onProgress` is told the bytes so far. */
export async function writeContent(
  content: Bytes,
  target: string,
  onProgress: (bytes: number) => void = () => undefined,
): Promise<ExtractedFile> {
  const aside = `${target}.${randomUUID()}.part`;
  const hash = createHash('sha256');
  let bytes = 0;
  await withFailure('write', target, async () => {
    try {
      const handle = await open(aside, 'wx');
      try {
        for await (const chunk of content) {
          hash.update(chunk);
          await handle.writeFile(chunk);
          bytes += chunk.byteLength;
          onProgress(bytes);
        }
      } finally {
        await handle.close();
      }
      await renameOver(aside, target);
    } finally {
      await rm(aside, { force: true });
    }
  });
  return { file: target, bytes, digest: sha256Digest(hash.digest('hex')) };
}

interface Located {
  readonly at: EntryAt;
  readonly layer: IndexedLayer;
  readonly path: string;
  readonly size: number;
}

function locate({ inspector, layersBaseFirst }: ReadableChain, file: FileAt): Located {
  const found = inspector.contentAt(file.layerIndex, file.path);
  const layer = found && layersBaseFirst[found.at.layerIndex];
  if (layer) {
    return { ...found, layer, size: layer.index.sizeAt(found.at.entryNumber) };
  }
  throw new AppError({
    code: 'bad-request',
    field: 'path',
    problem: `${file.path} is no file with content in this layer or below it.`,
  });
}

function openAt(
  { contents }: ReadableChain,
  { layer, at }: Located,
  range: ContentRange | undefined,
  signal: AbortSignal | undefined,
): Bytes {
  return contents.open(layer, at.entryNumber, range, signal);
}

async function collect(bytes: Bytes): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of bytes) parts.push(chunk);
  return Buffer.concat(parts);
}
