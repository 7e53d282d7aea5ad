import type { Digest } from '../oci/digest.ts';

/** One row of the list of images. Sizes are in bytes as stored (compressed). */
export interface ImageSummary {
  readonly reference: string;
  readonly manifestDigest: Digest;
  readonly os: string;
  readonly architecture: string;
  readonly osVersion?: string;
  /** ISO 8601, from the config. */
  readonly created?: string;
  readonly layers: number;
  readonly size: number;
  /** Bytes that no other image of the store holds: what deleting this one frees. */
  readonly uniqueSize: number;
  readonly sample: boolean;
  /** An index that names several images; `children` are its platforms. Those that were not pulled are missing. */
  readonly children?: readonly {
    readonly platform: string;
    readonly manifestDigest: Digest;
    readonly missing: boolean;
  }[];
}

/** Where a layer comes from: Microsoft's base, an update on it, or the steps of the user. */
export type LayerOrigin = 'base' | 'base-update' | 'parent-image' | 'yours';

/** One link of the chain, base first: a layer, or a metadata instruction that made none. */
export interface ChainLinkView {
  /** Position in history order, from 0. */
  readonly position: number;
  readonly createdBy: string;
  readonly created?: string;
  readonly comment?: string;
  /** Line in the Dockerfile that made it (from 0), where a build of ours is on record. */
  readonly dockerfileLine?: number;
  readonly layer?: ChainLayerView;
}

export interface ChainLayerView {
  /** Position among the layers, base first, from 0. */
  readonly layerIndex: number;
  readonly digest: Digest;
  readonly diffId: Digest;
  readonly chainId: Digest;
  readonly mediaType: string;
  readonly compressedSize: number;
  /** Absent until the layer is indexed. */
  readonly uncompressedSize?: number;
  readonly files?: number;
  readonly origin: LayerOrigin;
  /** Other references of the store that hold the same layer. */
  readonly sharedWith: readonly string[];
  /** Not held locally (a foreign layer, or not pulled). */
  readonly missing: boolean;
}

export interface ImageDetail {
  readonly summary: ImageSummary;
  readonly links: readonly ChainLinkView[];
  /** The config's run settings, as JSON for the raw view. */
  readonly configJson: string;
  readonly manifestJson: string;
}

export interface RemovalPreview {
  readonly reference: string;
  readonly freedBytes: number;
  readonly freedBlobs: number;
  /** Layers that stay because other images hold them. */
  readonly sharedLayers: number;
}

/** `metadata`: only attributes, times or the security descriptor differ. */
export type ChangeKind = 'added' | 'modified' | 'deleted' | 'metadata' | 'unchanged';

/** Which files a view shows: what one layer holds, or everything up to and including it. */
export type LayerView = 'layer' | 'cumulative';

export interface LayerTotals {
  readonly added: number;
  readonly modified: number;
  readonly deleted: number;
  readonly metadata: number;
  /** Bytes of file content in the layer. */
  readonly bytes: number;
  readonly files: number;
  readonly directories: number;
}

/** One row of a file tree. `path` has `/`, starts at the layer's root (`Files/Windows`). */
export interface FileRow {
  readonly path: string;
  readonly name: string;
  readonly kind:
    | 'directory'
    | 'file'
    | 'hard-link'
    | 'symlink'
    | 'junction'
    | 'stream'
    | 'whiteout';
  readonly change: ChangeKind;
  /** Bytes; for a directory the sum of what is below it. */
  readonly size: number;
  /** Files below a directory. */
  readonly files?: number;
  readonly target?: string;
  /** Layer (base first) that holds the entry that is shown. */
  readonly layerIndex: number;
}

export interface FilePage {
  readonly rows: readonly FileRow[];
  readonly total: number;
}

export interface TreemapCell {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly change: ChangeKind;
  readonly directory: boolean;
  /** Stands for the many small ones that are not listed. */
  readonly rest?: number;
}

/** Everything known of one entry, for the metadata inspector. */
export interface EntryDetail {
  readonly row: FileRow;
  readonly attributes: readonly string[];
  readonly modified: string;
  readonly created?: string;
  readonly changed?: string;
  readonly accessed?: string;
  readonly sddl?: string;
  readonly streams: readonly { readonly name: string; readonly size: number }[];
  readonly extendedAttributes: readonly string[];
  /** The path in every layer that has it, base first. */
  readonly history: readonly {
    readonly layerIndex: number;
    readonly change: ChangeKind;
    readonly size: number;
  }[];
}

export interface CompareRow {
  readonly path: string;
  readonly change: ChangeKind;
  readonly leftSize?: number;
  readonly rightSize?: number;
}

export interface ComparePage {
  readonly rows: readonly CompareRow[];
  readonly total: number;
  readonly totals: {
    readonly added: number;
    readonly modified: number;
    readonly deleted: number;
    readonly metadata: number;
  };
}
