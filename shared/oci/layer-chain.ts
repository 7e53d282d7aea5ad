import type { History, ImageConfig } from './config.ts';
import type { Descriptor } from './descriptor.ts';
import type { Digest } from './digest.ts';
import { invalid } from './document.ts';
import type { Manifest } from './manifest.ts';

/** A layer of an image: the packed blob, and the digest of the tar inside it. */
export interface ImageLayer {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
}

/** One entry of an image's history, with the layer it made, if it made one. */
export interface ChainLink {
  readonly history: History;
  readonly layer?: ImageLayer & { readonly chainId: Digest };
}

/** Computes the digest of a text's UTF-8 bytes; handed in because this folder has no hash function of its own. */
export type DigestOfText = (text: string) => Digest;

/** Pairs the layers of a manifest with the diff IDs of its config. Throws image-invalid where the two disagree. */
export function pairLayers(manifest: Manifest, config: ImageConfig): readonly ImageLayer[] {
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== manifest.layers.length) {
    throw invalid(
      manifest.config.digest,
      'rootfs.diff_ids',
      `has ${diffIds.length} entries, but the manifest has ${manifest.layers.length} layers`,
    );
  }
  return manifest.layers.flatMap((descriptor, index) => {
    const diffId = diffIds[index];
    return diffId === undefined ? [] : [{ descriptor, diffId }];
  });
}

/** Pairs each history entry with the layer it made, base first. */
export function layerChain(
  history: readonly History[] | null | undefined,
  layersBaseFirst: readonly ImageLayer[],
  digestOfText: DigestOfText,
): readonly ChainLink[] {
  const ids = chainIds(
    layersBaseFirst.map(layer => layer.diffId),
    digestOfText,
  );
  let next = 0;
  return completeHistory(history, layersBaseFirst.length).map(entry => {
    if (entry.empty_layer === true) return { history: entry };
    const layer = layersBaseFirst[next];
    const chainId = ids[next];
    next += 1;
    return layer === undefined || chainId === undefined
      ? { history: entry }
      : { history: entry, layer: { ...layer, chainId } };
  });
}

/**
 * History is optional and in the wild often does not account for the layers. Gives one that does, as BuildKit does on
 * export: layers without an entry get a bare one on top, surplus entries count as empty layers.
 */
export function completeHistory(
  history: readonly History[] | null | undefined,
  layers: number,
): readonly History[] {
  let seen = 0;
  const accounted = (history ?? []).map(entry => {
    if (entry.empty_layer === true) return entry;
    seen += 1;
    return seen <= layers ? entry : { ...entry, empty_layer: true };
  });
  const missing = Math.max(0, layers - seen);
  return [...accounted, ...Array.from({ length: missing }, (): History => ({}))];
}

/** A layer and everything below it, for each layer (image-spec config.md, "Layer ChainID"). */
export function chainIds(
  diffIdsBaseFirst: readonly Digest[],
  digestOfText: DigestOfText,
): readonly Digest[] {
  const chain: Digest[] = [];
  for (const diffId of diffIdsBaseFirst) {
    const below = chain.at(-1);
    chain.push(below === undefined ? diffId : digestOfText(`${below} ${diffId}`));
  }
  return chain;
}
