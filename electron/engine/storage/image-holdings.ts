import { shortDigest, type Digest } from '../../../shared/oci/digest.ts';
import { parseReference, shownReference } from '../../../shared/oci/reference.ts';
import type { Holding } from '../content/holding.ts';
import { changeIndexFile, nameOf } from '../content/image-names.ts';
import type { Store } from '../content/store.ts';
import { sampleRegistry } from '../sample/with-samples.ts';
import { sampleMark } from '../sample/write-samples.ts';
import type { ReadEntries, ReadEntry } from './read-images.ts';

/** Registries of Microsoft's base images and of our samples. */
const baseRegistries: ReadonlySet<string> = new Set(['mcr.microsoft.com', sampleRegistry]);

/** The images of a store as holdings, one for each name. A base is one that others begin with, or of a known registry. */
export async function imageHoldings(
  store: Store,
  { entries, orphans }: ReadEntries,
): Promise<readonly Holding[]> {
  const begun = new Set(entries.flatMap(({ chains }) => chains.flatMap(properStarts)));
  const holdings: Holding[] = [];
  for (const read of entries) {
    const { chains, entry, reached, reference } = read;
    holdings.push({
      kind: isBase(read, begun) ? 'bases' : 'images',
      holdingId: holdingIdOf(reference, entry.digest),
      title:
        reference === undefined
          ? `untagged image ${shortDigest(entry.digest)}`
          : shownReference(reference),
      bytes: 0,
      blobs: [...reached],
      diffIds: chains.flatMap(({ diffIds }) => diffIds),
      lastUsedAt: await store.blobs.usedAt(entry.digest),
      ...(reference === undefined ? {} : { tagged: true, group: repositoryOf(reference) }),
    });
  }
  for (const { digest } of orphans) {
    holdings.push({
      kind: 'images',
      holdingId: holdingIdOf(undefined, digest),
      title: `what referred to an image that is gone (${shortDigest(digest)})`,
      bytes: 0,
      lastUsedAt: await store.blobs.usedAt(digest),
      unused: true,
    });
  }
  return holdings;
}

/** Takes names out of the store's index; what refers to nothing that stays goes as well. The caller holds the exclusive lock. */
export async function removeImageHoldings(
  store: Store,
  holdings: readonly Holding[],
  goneBlobs: ReadonlySet<Digest>,
): Promise<void> {
  if (holdings.length === 0) return;
  const gone = new Set(holdings.map(({ holdingId }) => holdingId));
  await changeIndexFile(store.dir, manifests =>
    manifests.filter(
      entry => !goneBlobs.has(entry.digest) && !gone.has(holdingIdOf(nameOf(entry), entry.digest)),
    ),
  );
}

function holdingIdOf(reference: string | undefined, digest: Digest): string {
  return reference === undefined ? digest : `${reference} ${digest}`;
}

/** Each chain of layers that this one goes on from, as one text. */
function properStarts({ digests }: { readonly digests: readonly Digest[] }): readonly string[] {
  return digests.slice(1).map((_, above) => digests.slice(0, above + 1).join());
}

function isBase({ chains, entry, reference }: ReadEntry, begun: ReadonlySet<string>): boolean {
  if (entry.annotations?.[sampleMark] === 'true') return true;
  if (baseRegistries.has(registryOf(reference) ?? '')) return true;
  return chains.some(({ digests }) => digests.length > 0 && begun.has(digests.join()));
}

/** In a layout that another tool wrote, a name need not be a reference. */
function registryOf(reference: string | undefined): string | undefined {
  try {
    return reference === undefined ? undefined : parseReference(reference).registry;
  } catch {
    return undefined;
  }
}

function repositoryOf(reference: string): string {
  try {
    const { registry, repository } = parseReference(reference);
    return `${registry}/${repository}`;
  } catch {
    return reference;
  }
}
