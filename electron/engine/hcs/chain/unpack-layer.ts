import { mkdir, rm } from 'node:fs/promises';
import type { ImageLayer } from '../../../../shared/oci/layer-chain.ts';
import type { BlobReader } from '../../content/blob-store.ts';
import type { Bytes } from '../../content/bytes.ts';
import { throwIfCancelled } from '../../content/cancel.ts';
import { withFailure } from '../../content/file-system.ts';
import type { LayerIndex } from '../../layer/layer-index.ts';
import type { LayerIndexes } from '../../layer/layer-indexes.ts';
import type { WindowsHost } from '../host.ts';
import type { ReportLink } from './chain-work.ts';
import { createLayerChecker, type LayerChecker } from './check-layer.ts';
import type { EntrySink } from './entry-sink.ts';
import { checkIndex, layerEntriesOf } from './layer-source.ts';
import { createDiffSink } from './stage-diff.ts';
import { createBaseSink } from './unpack-base.ts';

/** Where layers come from, and what makes them. */
export interface UnpackSources {
  readonly host: Pick<WindowsHost, 'files' | 'layers'>;
  readonly blobs: BlobReader;
  readonly indexes: Pick<LayerIndexes, 'get'>;
  /** A path at which nothing is yet. */
  readonly newScratchPath: () => Promise<string>;
}

/** A layer, and where it stands in its chain. */
export interface UnpackedLayer {
  readonly layer: ImageLayer;
  readonly layerDir: string;
  readonly parentsNearestFirst: readonly string[];
}

/** Lists what is in a layer and checks all of it, before anything is written. Fails with `layer-import-refused`. */
export async function checkLayer(
  { indexes }: Pick<UnpackSources, 'indexes'>,
  { layer, parentsNearestFirst }: Omit<UnpackedLayer, 'layerDir'>,
  report: ReportLink,
  signal?: AbortSignal,
): Promise<LayerIndex> {
  const { diffId } = layer;
  const common = { diffId, phase: 'check', path: '' } as const;
  const index = await indexes.get(layer, {
    onProgress: bytes => report({ ...common, entries: 0, totalEntries: 0, bytes, totalBytes: 0 }),
    ...(signal && { signal }),
  });
  const totals = { totalEntries: index.count, totalBytes: index.uncompressedSize };
  const isBase = parentsNearestFirst.length === 0;
  const onEntry = (number: number) =>
    report({ ...common, ...totals, entries: number + 1, bytes: index.contentOffsetAt(number) });
  await checkIndex(index, { diffId, isBase }, onEntry, signal);
  return index;
}

/** Unpacks a layer that was checked into its folder, which exists and is empty, and makes a layer of it. */
export async function unpackLayer(
  sources: UnpackSources,
  unpacked: UnpackedLayer,
  { report, index }: { readonly report: ReportLink; readonly index: LayerIndex },
  signal: AbortSignal,
): Promise<void> {
  const { layer, layerDir, parentsNearestFirst } = unpacked;
  const { diffId } = layer;
  const isBase = parentsNearestFirst.length === 0;
  const checker = createLayerChecker({ diffId, isBase });
  const stagedDir = isBase ? undefined : await newFolder(sources);
  const sink =
    stagedDir === undefined
      ? createBaseSink({ layerDir, diffId }, sources.host)
      : createDiffSink({ diffId, layerDir, stagedDir, parentsNearestFirst }, checker, sources.host);
  const totals = { totalEntries: index.count, totalBytes: index.uncompressedSize };
  try {
    const entries = await feed(sink, { sources, layer, checker, totals, report }, signal);
    const bytes = totals.totalBytes;
    throwIfCancelled(signal);
    report({ diffId, phase: 'import', path: '', entries, bytes, ...totals });
    await sink.finish();
  } finally {
    await sink.abort().catch(() => undefined);
    if (stagedDir !== undefined) await removeStaged(stagedDir);
  }
}

interface Feeding {
  readonly sources: UnpackSources;
  readonly layer: ImageLayer;
  /** The tar is checked again: its list was made earlier, and only its end tells that it is the same. */
  readonly checker: LayerChecker;
  readonly totals: { readonly totalEntries: number; readonly totalBytes: number };
  readonly report: ReportLink;
}

async function feed(
  sink: EntrySink,
  { sources, layer, checker, totals, report }: Feeding,
  signal: AbortSignal,
): Promise<number> {
  let entries = 0;
  for await (const read of layerEntriesOf(sources.blobs, layer, signal)) {
    const { entry, contentOffset } = read;
    throwIfCancelled(signal);
    checker.add(entry);
    let bytes = contentOffset;
    const tell = () => {
      const { diffId } = layer;
      report({ diffId, phase: 'unpack', path: entry.path, entries, bytes, ...totals });
    };
    const counted = async function* (): Bytes {
      for await (const chunk of read.content()) {
        throwIfCancelled(signal);
        yield chunk;
        bytes += chunk.byteLength;
        tell();
      }
    };
    await sink.add(entry, counted());
    entries += 1;
    tell();
  }
  return entries;
}

/** Staged files are plain ones. What somebody still holds open is swept with the scratch files of this process. */
export async function removeStaged(stagedDir: string): Promise<void> {
  await rm(stagedDir, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

async function newFolder({
  newScratchPath,
}: Pick<UnpackSources, 'newScratchPath'>): Promise<string> {
  const dir = await newScratchPath();
  await withFailure('create', dir, () => mkdir(dir));
  return dir;
}
