import type {
  GarbageItem,
  GarbageList,
  GarbagePolicy,
  GarbageReason,
  HoldingKind,
  PolicyKind,
} from '../../../shared/ipc/storage-views.ts';
import { shortDigest, type Digest } from '../../../shared/oci/digest.ts';
import type { Holding } from '../content/holding.ts';
import { Ledger, type Survey } from './ledger.ts';

/** What shall go: what a policy says besides all that is of no use, or these and nothing else. */
export type Wish =
  | { readonly kind: 'policy'; readonly policy: GarbagePolicy; readonly now: number }
  | { readonly kind: 'these'; readonly keys: ReadonlySet<string> };

/** What goes, as it is told and as it is done. */
export interface GarbageChoice {
  readonly list: GarbageList;
  readonly holdings: readonly Holding[];
  readonly blobs: ReadonlySet<Digest>;
}

/** Names a holding or a loose blob among all in the store. */
export function keyOf({ kind, holdingId }: Pick<Holding, 'kind' | 'holdingId'>): string {
  return `${kind}:${holdingId}`;
}

/** Decides what goes. A function of its arguments alone: so a preview says exactly what a collection does. */
export function chooseGarbage(survey: Survey, wish: Wish): GarbageChoice {
  const choosing = new Choosing(survey);
  const bytesBefore = choosing.ledger.bytes;
  if (wish.kind === 'these') choosing.takeThese(wish.keys);
  else {
    choosing.takeUseless();
    choosing.takeByPolicy(wish.policy, wish.now);
  }
  const { items, ledger } = choosing;
  const most = wish.kind === 'policy' ? wish.policy.maxBytes : undefined;
  return {
    list: {
      items,
      freedBytes: bytesBefore - ledger.bytes,
      bytesBefore,
      ...(most === undefined || ledger.bytes <= most ? {} : { overBytes: ledger.bytes - most }),
    },
    holdings: survey.holdings.filter(holding => !ledger.has(holding)),
    blobs: ledger.goneBlobs,
  };
}

class Choosing {
  readonly items: GarbageItem[] = [];
  readonly ledger: Ledger;
  readonly #survey: Survey;

  constructor(survey: Survey) {
    this.ledger = new Ledger(survey);
    this.#survey = survey;
  }

  takeUseless(): void {
    for (const digest of this.ledger.looseBlobs()) this.#takeBlob(digest, 'unused');
    for (const holding of this.#survey.holdings) {
      const useless = holding.unused === true || this.ledger.isOrphan(holding);
      if (useless && holding.kept === undefined) this.#take(holding, 'unused');
    }
  }

  takeThese(keys: ReadonlySet<string>): void {
    for (const digest of this.ledger.looseBlobs()) {
      if (keys.has(keyOf({ kind: 'loose', holdingId: digest }))) this.#takeBlob(digest, 'asked');
    }
    const asked = this.#survey.holdings.filter(
      holding => keys.has(keyOf(holding)) && holding.kept === undefined,
    );
    for (const holding of asked) this.#take(holding, 'asked');
    this.#takeRecordsOf(asked.filter(isImage));
  }

  /** What was remembered of the steps that made an image goes with it, as far as no other image has those layers. */
  #takeRecordsOf(images: readonly Holding[]): void {
    const left = this.#survey.holdings.filter(each => isImage(each) && this.ledger.has(each));
    const stays = new Set(left.flatMap(({ blobs = [] }) => blobs));
    const goes = new Set(
      images.flatMap(({ blobs = [] }) => blobs).filter(blob => !stays.has(blob)),
    );
    for (const record of this.#survey.holdings) {
      if (record.kind !== 'build-cache' || record.blobs === undefined) continue;
      if (record.blobs.some(digest => goes.has(digest))) this.#take(record, 'unused');
    }
  }

  takeByPolicy(policy: GarbagePolicy, now: number): void {
    const { keepLast, maxBytes, olderThanMs } = policy;
    const candidates = this.#candidates(policy);
    const countAlone = olderThanMs === undefined && maxBytes === undefined;
    if (keepLast !== undefined && countAlone) {
      for (const holding of candidates) {
        if (holding.group !== undefined) this.#take(holding, 'count');
      }
    }
    if (olderThanMs !== undefined) {
      for (const holding of candidates) {
        if (holding.lastUsedAt < now - olderThanMs) this.#take(holding, 'age');
      }
    }
    if (maxBytes !== undefined) this.#takeBeyond(maxBytes, candidates);
  }

  /** What may go, in the order in which it goes. */
  #candidates({ keepLast, keepTagged, kinds }: GarbagePolicy): readonly Holding[] {
    const { holdings } = this.#survey;
    const newest = keepLast === undefined ? new Set() : newestOfGroups(holdings, keepLast);
    const wanted: ReadonlySet<HoldingKind> = new Set(kinds);
    return holdings
      .filter(
        holding =>
          this.ledger.has(holding) &&
          wanted.has(holding.kind) &&
          holding.kept === undefined &&
          !(keepTagged && holding.tagged === true) &&
          !newest.has(holding),
      )
      .toSorted((a, b) => rankOf(a) - rankOf(b) || a.lastUsedAt - b.lastUsedAt);
  }

  #takeBeyond(maxBytes: number, candidates: readonly Holding[]): void {
    const may = new Set(candidates);
    const stuck = new Set(
      this.#survey.holdings.flatMap(each => (may.has(each) ? [] : (each.blobs ?? []))),
    );
    for (const holding of candidates) {
      if (this.ledger.bytes <= maxBytes) return;
      // To forget a record whose layers an image keeps would cost time later and free nothing now.
      const helps = holding.blobs?.some(digest => !stuck.has(digest)) ?? holding.bytes > 0;
      if (helps) this.#take(holding, 'size');
    }
  }

  #take(holding: Holding, reason: GarbageReason): void {
    if (!this.ledger.has(holding)) return;
    const { holdingId, kind, lastUsedAt, title } = holding;
    const bytes = this.ledger.take(holding);
    this.items.push({ kind, holdingId, title, bytes, lastUsedAt, reason });
    for (const orphan of this.ledger.orphansOf(holding)) {
      if (orphan.kept === undefined) this.#take(orphan, 'unused');
    }
  }

  #takeBlob(digest: Digest, reason: GarbageReason): void {
    const bytes = this.ledger.takeBlob(digest);
    this.items.push({
      kind: 'loose',
      holdingId: digest,
      title: shortDigest(digest),
      bytes,
      reason,
    });
  }
}

/** What can be made or fetched again goes first. */
const ranks: Readonly<Record<PolicyKind, number>> = {
  downloads: 0,
  'layer-cache': 1,
  'layer-index': 2,
  'build-cache': 3,
  windows: 4,
  builds: 5,
  images: 6,
  bases: 7,
};

export function isImage({ kind }: Holding): boolean {
  return kind === 'images' || kind === 'bases';
}

function rankOf({ kind, tagged }: Holding): number {
  const rank = kind in ranks ? ranks[kind as PolicyKind] : 0;
  return tagged === true ? rank + 0.5 : rank;
}

function newestOfGroups(holdings: readonly Holding[], count: number): ReadonlySet<Holding> {
  const groups = Map.groupBy(holdings, ({ group, kind }) =>
    group === undefined ? undefined : `${kind === 'builds' ? kind : 'images'} ${group}`,
  );
  groups.delete(undefined);
  return new Set(
    [...groups.values()].flatMap(group =>
      group.toSorted((a, b) => b.lastUsedAt - a.lastUsedAt).slice(0, count),
    ),
  );
}
