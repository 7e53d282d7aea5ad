import { statfs } from 'node:fs/promises';
import {
  holdingKinds,
  type HoldingKind,
  type StorageItem,
  type StorageUsage,
} from '../../../shared/ipc/storage-views.ts';
import { shortDigest, type Digest } from '../../../shared/oci/digest.ts';
import type { Holding } from '../content/holding.ts';
import { chooseGarbage, isImage, keyOf } from './choose-garbage.ts';
import type { Survey } from './ledger.ts';
import type { StoreSurvey } from './survey.ts';

/** Who holds what, as people are told. */
export async function usageOf(survey: StoreSurvey, storeDir: string): Promise<StorageUsage> {
  const policy = { keepTagged: true, kinds: [] };
  const { list } = chooseGarbage(survey, { kind: 'policy', policy, now: 0 });
  const bytes = bytesOfKinds(survey);
  const items = [...itemsOf(survey), ...looseItems(survey)];
  const unused = new Set(list.items.map(keyOf));
  const kinds = holdingKinds.map(kind => ({
    kind,
    count: items.filter(item => item.kind === kind).length,
    bytes: bytes.get(kind) ?? 0,
    reclaimableBytes: list.items.reduce((sum, i) => (i.kind === kind ? sum + i.bytes : sum), 0),
  }));
  return {
    storeDir,
    totalBytes: list.bytesBefore,
    reclaimableBytes: list.freedBytes,
    freeBytes: await freeBytesAt(storeDir),
    kinds,
    items: items
      .map(item => ({ ...item, unused: unused.has(keyOf(item)) }))
      .toSorted((a, b) => b.bytes - a.bytes || (a.title < b.title ? -1 : 1)),
    damaged: survey.damaged,
  };
}

/** The kinds that blobs are counted for, the first that needs one first. */
const blobOwners: readonly HoldingKind[] = ['bases', 'images', 'build-cache', 'windows'];

function bytesOfKinds({ blobs, holdings }: Survey): ReadonlyMap<HoldingKind, number> {
  const bytes = new Map<HoldingKind, number>();
  const add = (kind: HoldingKind, more: number): void =>
    void bytes.set(kind, (bytes.get(kind) ?? 0) + more);
  for (const holding of holdings) add(holding.kind, holding.bytes);
  const counted = new Set<Digest>();
  for (const kind of blobOwners) {
    for (const digest of holdings.flatMap(each => (each.kind === kind ? (each.blobs ?? []) : []))) {
      if (!counted.has(digest)) add(kind, blobs.get(digest) ?? 0);
      counted.add(digest);
    }
  }
  for (const [digest, size] of blobs) if (!counted.has(digest)) add('loose', size);
  return bytes;
}

type Item = Omit<StorageItem, 'unused'>;

/** Names of one image count once, and records of the cache do not make an image's layers any less its own. */
function itemsOf({ blobs, holdings }: Survey): readonly Item[] {
  const imageUsers = usersOf(holdings.filter(isImage));
  const users = usersOf(holdings);
  return holdings.map(holding => {
    const { holdingId, kept, kind, lastUsedAt, title } = holding;
    const needed = [...new Set(holding.blobs)];
    const counts = isImage(holding) ? imageUsers : users;
    const sum = (digests: readonly Digest[]) =>
      digests.reduce((total, digest) => total + (blobs.get(digest) ?? 0), holding.bytes);
    return {
      kind,
      holdingId,
      title,
      bytes: sum(needed),
      uniqueBytes: sum(needed.filter(digest => counts.get(digest)?.size === 1)),
      lastUsedAt,
      ...(kept === undefined ? {} : { kept }),
    };
  });
}

/** Who needs a blob: images by their content, others each for itself. */
function usersOf(holdings: readonly Holding[]): ReadonlyMap<Digest, ReadonlySet<string>> {
  const users = new Map<Digest, Set<string>>();
  for (const holding of holdings) {
    const user = holding.diffIds === undefined ? keyOf(holding) : `${holding.blobs?.join()}`;
    for (const digest of holding.blobs ?? []) {
      const known = users.get(digest) ?? new Set<string>();
      users.set(digest, known.add(user));
    }
  }
  return users;
}

function looseItems({ blobs, holdings }: Survey): readonly Item[] {
  const needed = new Set(holdings.flatMap(each => each.blobs ?? []));
  return [...blobs]
    .filter(([digest]) => !needed.has(digest))
    .map(([digest, size]) => ({
      kind: 'loose',
      holdingId: digest,
      title: shortDigest(digest),
      bytes: size,
      uniqueBytes: size,
    }));
}

async function freeBytesAt(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}
