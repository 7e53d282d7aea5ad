import type { Digest } from '../../../shared/oci/digest.ts';
import type { Holding } from '../content/holding.ts';

/** What is in a store at one moment. Sizes are in bytes. */
export interface Survey {
  readonly holdings: readonly Holding[];
  /** Every blob on disk. */
  readonly blobs: ReadonlyMap<Digest, number>;
}

/** Counts who needs what while holdings are taken away. */
export class Ledger {
  readonly #blobs: ReadonlyMap<Digest, number>;
  readonly #left: Set<Holding>;
  readonly #users: Map<Digest, number>;
  readonly #layerUsers: Map<Digest, number>;
  readonly #derived: ReadonlyMap<Digest | undefined, readonly Holding[]>;
  readonly #gone = new Set<Digest>();
  #bytes: number;

  constructor({ blobs, holdings }: Survey) {
    this.#blobs = blobs;
    this.#left = new Set(holdings);
    this.#users = countsOf(holdings.map(holding => new Set(holding.blobs)));
    this.#layerUsers = countsOf(holdings.map(holding => new Set(holding.diffIds)));
    this.#derived = Map.groupBy(holdings, ({ derivedFrom }) => derivedFrom);
    const sizes = [...holdings.map(({ bytes }) => bytes), ...blobs.values()];
    this.#bytes = sizes.reduce((sum, size) => sum + size, 0);
  }

  /** What all that is left takes, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Blobs that were taken away. */
  get goneBlobs(): ReadonlySet<Digest> {
    return this.#gone;
  }

  has(holding: Holding): boolean {
    return this.#left.has(holding);
  }

  /** Blobs that nothing needs. */
  looseBlobs(): readonly Digest[] {
    return [...this.#blobs.keys()].filter(
      digest => !this.#users.has(digest) && !this.#gone.has(digest),
    );
  }

  /** Whether the layer that a holding is made from is gone. */
  isOrphan({ derivedFrom }: Holding): boolean {
    return derivedFrom !== undefined && !this.#layerUsers.has(derivedFrom);
  }

  /** What was made from layers that nothing has any more. */
  orphansOf({ diffIds = [] }: Holding): readonly Holding[] {
    return diffIds.flatMap(diffId =>
      (this.#derived.get(diffId) ?? []).filter(each => this.has(each) && this.isOrphan(each)),
    );
  }

  /** Takes a blob that nothing needs; gives its size in bytes. */
  takeBlob(digest: Digest): number {
    const size = this.#blobs.get(digest) ?? 0;
    this.#gone.add(digest);
    this.#bytes -= size;
    return size;
  }

  /** Takes a holding with the blobs that nothing else needs; gives the bytes that frees. */
  take(holding: Holding): number {
    this.#left.delete(holding);
    for (const diffId of new Set(holding.diffIds)) lessOne(this.#layerUsers, diffId);
    this.#bytes -= holding.bytes;
    let freed = holding.bytes;
    for (const digest of new Set(holding.blobs)) {
      lessOne(this.#users, digest);
      if (!this.#users.has(digest)) freed += this.takeBlob(digest);
    }
    return freed;
  }
}

function countsOf(sets: readonly ReadonlySet<Digest>[]): Map<Digest, number> {
  const counts = new Map<Digest, number>();
  for (const set of sets) {
    for (const digest of set) counts.set(digest, (counts.get(digest) ?? 0) + 1);
  }
  return counts;
}

function lessOne(counts: Map<Digest, number>, digest: Digest): void {
  const left = (counts.get(digest) ?? 1) - 1;
  if (left === 0) counts.delete(digest);
  else counts.set(digest, left);
}
