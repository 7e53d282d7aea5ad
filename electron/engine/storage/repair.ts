import { rename, rm } from 'node:fs/promises';
import type { RepairAction, RepairReport, StoreFault } from '../../../shared/ipc/storage-views.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { isIndex } from '../../../shared/oci/media-types.ts';
import { withFailure } from '../content/file-system.ts';
import { changeIndexFile, nameOf } from '../content/image-names.ts';
import type { Store } from '../content/store.ts';
import type { Refetch } from './refetch.ts';
import type { Graph, Needed, Root } from './walk-graph.ts';
import {
  readGraph,
  sizeIfWhole,
  verifyStore,
  type Verified,
  type VerifyOptions,
} from './verify.ts';

export interface RepairOptions extends VerifyOptions {
  /** Fetches what is damaged or missing; without it nothing is fetched. */
  readonly refetch?: Refetch;
  /** Told before a blob is fetched. */
  readonly onFetch?: (blob: Descriptor) => void;
}

/**
 * Verifies the store, fetches what is damaged or missing from where it came, and drops what cannot be had: at last every
 * name leads to a whole image. Says everything that it touched. Throws as `verifyStore` does; cancelled, it has done a
 * part of it, and the next repair does the rest.
 */
export async function repairStore(
  store: Store,
  options: RepairOptions = {},
): Promise<RepairReport> {
  const { signal } = options;
  // From before the verification on: nothing that it saw may be collected meanwhile.
  using _ = await store.lock.shared(signal);
  const verified = await verifyStore(store, options);
  const repair = new Repair(store, verified, options);
  const graph = await repair.fetchAll();
  await repair.removeDamaged();
  await repair.dropIncomplete(graph);
  for (const fault of verified.report.faults) await repair.tidy(fault);
  return { found: verified.report.faults, actions: repair.actions, unfetched: repair.unfetched };
}

class Repair {
  readonly actions: RepairAction[] = [];
  readonly unfetched: RepairReport['unfetched'][number][] = [];
  readonly #store: Store;
  readonly #options: RepairOptions;
  readonly #sound: Map<Digest, number>;
  readonly #damaged: Map<Digest, number>;
  /** Also once removed, an image of an index counts as one that was here. */
  readonly #wasDamaged: ReadonlyMap<Digest, number>;
  readonly #mismatched: ReadonlySet<Digest>;
  readonly #roots: readonly Root[];
  #graph: Graph;

  constructor(store: Store, verified: Verified, options: RepairOptions) {
    this.#store = store;
    this.#options = options;
    this.#sound = new Map(verified.sound);
    this.#damaged = new Map(verified.damaged);
    this.#wasDamaged = verified.damaged;
    this.#roots = verified.roots;
    this.#graph = verified.graph;
    this.#mismatched = new Set(
      verified.report.faults.flatMap(fault =>
        fault.kind === 'layer-mismatch' ? [fault.digest] : [],
      ),
    );
  }

  /** Again and again, as what was fetched may be a manifest that needs more. */
  async fetchAll(): Promise<Graph> {
    const { refetch } = this.#options;
    const tried = new Set<Digest>();
    if (refetch === undefined) return this.#graph;
    for (let progress = true; progress;) {
      progress = false;
      for (const needed of this.#graph.needed.values()) {
        const { digest } = needed.descriptor;
        if (this.#sound.has(digest) || tried.has(digest)) continue;
        tried.add(digest);
        if (await this.#fetch(needed, refetch)) progress = true;
      }
      if (progress) this.#graph = await this.#readGraph();
    }
    return this.#graph;
  }

  async #fetch({ descriptor, neededBy }: Needed, refetch: Refetch): Promise<boolean> {
    const { digest, size } = descriptor;
    const { onFetch, signal } = this.#options;
    onFetch?.(descriptor);
    if (this.#damaged.has(digest) && !(await this.#removeBlob(digest))) return true;
    const { from, tried } = await refetch(descriptor, [...neededBy], signal);
    if (from === undefined) {
      this.unfetched.push({ digest, tried });
      return false;
    }
    this.#sound.set(digest, size);
    this.actions.push({ kind: 'fetched', digest, from });
    return true;
  }

  async removeDamaged(): Promise<void> {
    for (const digest of this.#damaged.keys()) {
      if (await this.#removeBlob(digest)) this.actions.push({ kind: 'blob-removed', digest });
    }
  }

  /** Of an index, only the images that cannot be completed go, as if they had never been pulled. */
  async dropIncomplete(graph: Graph): Promise<void> {
    const broken = this.#brokenBlobs(graph);
    const dropped = new Set<Root>();
    for (const root of this.#roots) {
      const { digest, mediaType } = root.descriptor;
      if (!broken.has(digest)) continue;
      const images = [...graph.needed.values()].filter(({ parents }) => parents.has(digest));
      const whole = images.filter(({ descriptor }) => !broken.has(descriptor.digest));
      const isReadable = this.#sound.has(digest) && !graph.invalid.has(digest);
      if (!isIndex(mediaType) || whole.length === 0 || !isReadable) dropped.add(root);
      else {
        for (const { descriptor } of images) {
          if (broken.has(descriptor.digest)) await this.#removeImage(descriptor.digest, root.name);
        }
      }
    }
    await this.#dropNames(dropped);
  }

  /** What lies beside the blobs. */
  async tidy(fault: StoreFault): Promise<void> {
    if (fault.kind === 'cache-damaged' || fault.kind === 'stray-file') {
      const { path } = fault;
      await withFailure('remove', path, async () => rm(path, { recursive: true, force: true }));
      this.actions.push({ kind: 'file-removed', path });
    }
    if (fault.kind === 'history-damaged') {
      const { path } = fault;
      const to = `${path}.damaged-${Date.now()}`;
      await withFailure('rename', path, async () => rename(path, to));
      // They belong to the file that is gone; a new one would take them for its own.
      for (const companion of ['-wal', '-shm']) await rm(`${path}${companion}`, { force: true });
      this.actions.push({ kind: 'file-set-aside', path, to });
    }
  }

  async #readGraph(): Promise<Graph> {
    const known = { sound: this.#sound, damaged: this.#wasDamaged };
    return await readGraph(this.#store, this.#roots, known, this.#options.signal);
  }

  /** Blobs that are not here or make no sense, and all that needs them. */
  #brokenBlobs({ invalid, needed }: Graph): ReadonlySet<Digest> {
    const broken = new Set<Digest>();
    const stack = [...needed.values()]
      .filter(
        ({ descriptor: { digest, size } }) =>
          this.#sound.get(digest) !== size || invalid.has(digest) || this.#mismatched.has(digest),
      )
      .map(({ descriptor }) => descriptor.digest);
    for (let digest = stack.pop(); digest !== undefined; digest = stack.pop()) {
      if (broken.has(digest)) continue;
      broken.add(digest);
      stack.push(...(needed.get(digest)?.parents ?? []));
    }
    return broken;
  }

  /** False where another process has written it anew meanwhile. */
  async #removeBlob(digest: Digest): Promise<boolean> {
    this.#damaged.delete(digest);
    const size = await sizeIfWhole(this.#store, digest, this.#options.signal);
    if (size !== undefined) {
      this.#sound.set(digest, size);
      return false;
    }
    await this.#store.blobs.delete(digest);
    return true;
  }

  async #removeImage(digest: Digest, of: string): Promise<void> {
    await this.#store.blobs.delete(digest);
    this.actions.push({ kind: 'image-removed', digest, of });
  }

  async #dropNames(dropped: ReadonlySet<Root>): Promise<void> {
    if (dropped.size === 0) return;
    const keyOf = (entry: Descriptor) => `${nameOf(entry) ?? ''} ${entry.digest}`;
    const gone = new Set([...dropped].map(({ descriptor }) => keyOf(descriptor)));
    using _ = await this.#store.lock.names(this.#options.signal);
    await changeIndexFile(this.#store.dir, entries =>
      entries.filter(entry => !gone.has(keyOf(entry))),
    );
    for (const { descriptor, name } of dropped) {
      this.actions.push({ kind: 'name-dropped', reference: name, digest: descriptor.digest });
    }
  }
}
