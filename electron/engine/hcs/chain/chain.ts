import type { Digest } from '../../../../shared/oci/digest.ts';
import type { ImageLayer } from '../../../../shared/oci/layer-chain.ts';

/** Layers of an image in the form in which Windows mounts them, kept by chain ID. Made by `createChainStore`. */
export interface ChainStore {
  /**
   * Makes sure that every layer is on disk, and gives where. Layers that are there are never unpacked again, and what
   * two ask for at once is made once, between processes too. After a failure or a cancel no part of a layer is left.
   * The caller holds `store.lock.shared()` as long as it uses the folders.
   */
  materialize(layersBaseFirst: readonly ImageLayer[], work?: ChainWork): Promise<LayerChain>;
  /**
   * Makes the next link of a chain of what `exportLayer` wrote to `stagedDir`, which is used up by that, even where it
   * fails. The caller has read the layer `diffId` from the same folder before. Fails with `chain-missing`.
   */
  adopt(step: AdoptedStep, work?: ChainWork): Promise<LayerChain>;
  /** All that is whole, parents before children. */
  list(): Promise<readonly ChainLink[]>;
  /**
   * Destroys all links but `keepChainIds` and what those stand on, and gives what it destroyed. The caller holds the
   * exclusive lock of the store.
   */
  prune(keepChainIds: ReadonlySet<Digest>, signal?: AbortSignal): Promise<readonly ChainLink[]>;
  /** Destroys what a crash left unfinished, unless a living process is at it; to be called at the start. Gives paths. */
  sweep(signal?: AbortSignal): Promise<readonly string[]>;
}

/** A chain on disk. The folders are native absolute paths. */
export interface LayerChain {
  readonly chainId: Digest;
  readonly layerDirsNearestFirst: readonly string[];
}

/** The layer of a step that was just exported. */
export interface AdoptedStep {
  readonly stagedDir: string;
  readonly parentChainId: Digest;
  readonly diffId: Digest;
}

/** One layer of a chain on disk. */
export interface ChainLink {
  readonly chainId: Digest;
  readonly parentChainId?: Digest;
  /** Of the layer itself. */
  readonly diffId: Digest;
  readonly dir: string;
  /** What its files have together; what it shares with its parents is not counted. */
  readonly bytes: number;
  /** In ms since 1970: when the link was last part of a chain that somebody asked for. */
  readonly lastUsedAt: number;
}

export interface ChainWork {
  readonly onProgress?: (progress: ChainProgress) => void;
  readonly signal?: AbortSignal;
}

/** How far a chain is. `layerIndex` counts from 0, base first; only layers that have to be made are told of. */
export interface ChainProgress {
  readonly layerIndex: number;
  readonly layerCount: number;
  readonly diffId: Digest;
  /**
   * `check`: its list of files is made and checked; `unpack`: its files are written; `import`: Windows works on the
   * whole folder, which cannot tell how far it is.
   */
  readonly phase: 'check' | 'unpack' | 'import';
  readonly entries: number;
  /** 0 while it is not known. */
  readonly totalEntries: number;
  /** Of the uncompressed tar, or of the files of an adopted folder. */
  readonly bytes: number;
  /** 0 while it is not known. */
  readonly totalBytes: number;
  /** The path inside the layer that is being worked on; '' where none is. */
  readonly path: string;
}
