import { explain, failureOf } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { isForeign, isImageConfig, isIndex, isManifest } from '../../../shared/oci/media-types.ts';
import type { ImageLayer } from '../../../shared/oci/layer-chain.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { readImage, readIndex, readManifest } from '../image/read-image.ts';
import { problemOf } from './problem-of.ts';

/** A blob that images need, and those that need it. */
export interface Needed {
  readonly descriptor: Descriptor;
  /** As `index.json` names them; digests where there is no name. */
  readonly neededBy: Set<string>;
  /** The manifest or index that points to it; undefined for what a name points to. */
  readonly parents: Set<Digest>;
}

/** All that the names of a store reach, as far as it can be read. */
export interface Graph {
  readonly needed: ReadonlyMap<Digest, Needed>;
  readonly layers: ReadonlyMap<Digest, ImageLayer>;
  /** Documents that make no sense, with why. */
  readonly invalid: ReadonlyMap<Digest, string>;
}

export interface Root {
  readonly descriptor: Descriptor;
  readonly name: string;
}

/** What the walk reads from: `isSound` says whether a blob is here and is what its digest says. */
export interface WalkSource {
  readonly blobs: BlobReader;
  isSound(blob: Descriptor): Promise<boolean>;
  isHere(digest: Digest): boolean;
}

/**
 * Follows names to all that they need. Not needed are images of an index that were never pulled, and foreign layers
 * that are not here: both may be missing (image-spec image-layout.md, layer.md "Non-Distributable Layers").
 */
export async function walkGraph(
  roots: readonly Root[],
  source: WalkSource,
  signal?: AbortSignal,
): Promise<Graph> {
  const walk = new Walk(source, signal);
  for (const { descriptor, name } of roots) await walk.from(descriptor, name);
  return walk;
}

class Walk implements Graph {
  readonly needed = new Map<Digest, Needed>();
  readonly layers = new Map<Digest, ImageLayer>();
  readonly invalid = new Map<Digest, string>();
  readonly #source: WalkSource;
  readonly #signal: AbortSignal | undefined;
  readonly #children = new Map<Digest, readonly Descriptor[]>();

  constructor(source: WalkSource, signal: AbortSignal | undefined) {
    this.#source = source;
    this.#signal = signal;
  }

  async from(root: Descriptor, name: string): Promise<void> {
    const stack: { blob: Descriptor; parent?: Digest }[] = [{ blob: root }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { blob, parent } = next;
      const known = this.needed.get(blob.digest);
      const needed = known ?? { descriptor: blob, neededBy: new Set(), parents: new Set() };
      if (parent !== undefined) needed.parents.add(parent);
      if (needed.neededBy.has(name)) continue;
      needed.neededBy.add(name);
      this.needed.set(blob.digest, needed);
      for (const child of await this.#childrenOf(blob)) {
        stack.push({ blob: child, parent: blob.digest });
      }
    }
  }

  async #childrenOf(blob: Descriptor): Promise<readonly Descriptor[]> {
    const known = this.#children.get(blob.digest);
    if (known !== undefined) return known;
    const children = await this.#readChildren(blob);
    this.#children.set(blob.digest, children);
    return children;
  }

  async #readChildren(blob: Descriptor): Promise<readonly Descriptor[]> {
    const { digest, mediaType } = blob;
    if (!isIndex(mediaType) && !isManifest(mediaType)) return [];
    if (!(await this.#source.isSound(blob))) return [];
    try {
      return isIndex(mediaType) ? await this.#imagesOf(blob) : await this.#partsOf(blob);
    } catch (error) {
      this.invalid.set(digest, problemOf(error));
      return [];
    }
  }

  async #imagesOf(index: Descriptor): Promise<readonly Descriptor[]> {
    const { manifests } = await readIndex(this.#source.blobs, index, this.#signal);
    return manifests.filter(({ digest }) => this.#source.isHere(digest));
  }

  async #partsOf(blob: Descriptor): Promise<readonly Descriptor[]> {
    const { blobs } = this.#source;
    const manifest = await readManifest(blobs, blob, this.#signal);
    const layers = manifest.layers.filter(
      layer => !isForeign(layer.mediaType) || this.#source.isHere(layer.digest),
    );
    const parts = [manifest.config, ...layers];
    if (isImageConfig(manifest.config.mediaType) && (await this.#source.isSound(manifest.config))) {
      await this.#checkImage(blob);
    }
    return parts;
  }

  /** What is wrong with the image is told of its manifest; its parts are needed all the same. */
  async #checkImage(blob: Descriptor): Promise<void> {
    try {
      const { layersBaseFirst } = await readImage(this.#source.blobs, blob, this.#signal);
      for (const layer of layersBaseFirst) this.layers.set(layer.descriptor.digest, layer);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code !== 'image-invalid') throw error;
      this.invalid.set(blob.digest, explain(failure).message);
    }
  }
}
