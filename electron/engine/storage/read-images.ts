import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { isImageConfig, isManifest } from '../../../shared/oci/media-types.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { reachable, subjectOf } from '../content/graph.ts';
import { nameOf } from '../content/image-names.ts';
import { readIndexFile } from '../content/layout.ts';
import type { Store } from '../content/store.ts';
import { sideBySide } from '../transfer/side-by-side.ts';
import { readImage, readManifest } from '../image/read-image.ts';
import { problemOf } from './problem-of.ts';
import { readOnce } from './read-once.ts';

/** The layers of one image, base first. */
export interface Chain {
  readonly digests: readonly Digest[];
  readonly diffIds: readonly Digest[];
}

/** An entry of the store's `index.json`, with all that has to stay as long as it does. */
export interface ReadEntry {
  readonly entry: Descriptor;
  readonly reference: string | undefined;
  /** Itself, what it points to, and what refers to any of that: signatures, attestations. */
  readonly reached: ReadonlySet<Digest>;
  readonly chains: readonly Chain[];
}

export interface ReadEntries {
  readonly entries: readonly ReadEntry[];
  /** Nameless entries whose subject is no longer here. */
  readonly orphans: readonly Descriptor[];
  /** What could not be understood; its entry reaches only what could. */
  readonly damaged: readonly { readonly digest: Digest; readonly problem: string }[];
}

/** Entries that are read at a time: most of the time goes into waiting for small files. */
const atATime = 16;

/** Reads what the names of the store reach. A document that cannot be read hides nothing but what is behind it. */
export async function readEntries(store: Store, signal?: AbortSignal): Promise<ReadEntries> {
  const blobs = readOnce(store.blobs);
  const damaged = new Map<Digest, string>();
  const attempt = async <T>(digest: Digest, otherwise: T, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      damaged.set(digest, problemOf(error));
      return otherwise;
    }
  };
  const reach = async (entry: Descriptor) =>
    await attempt(entry.digest, new Map([[entry.digest, entry]]), async () =>
      reachable(blobs, [entry], { skipMissing: true }, signal),
    );
  const { manifests } = await readIndexFile(store.dir);
  const referrers: Referrer[] = [];
  const roots: Descriptor[] = [];
  for (const entry of manifests) {
    const subject =
      nameOf(entry) === undefined
        ? await attempt(entry.digest, undefined, async () => subjectOf(blobs, entry, signal))
        : undefined;
    if (subject === undefined) roots.push(entry);
    else referrers.push({ entry, subject, reached: new Set((await reach(entry)).keys()) });
  }
  const readEntry = async (entry: Descriptor): Promise<ReadEntry> => {
    const found = await reach(entry);
    const chains: Chain[] = [];
    for (const blob of found.values()) {
      if (!isManifest(blob.mediaType)) continue;
      const chain = await attempt(blob.digest, undefined, async () => chainOf(blobs, blob, signal));
      if (chain !== undefined) chains.push(chain);
    }
    const reached = withReferrers(new Set(found.keys()), referrers);
    return { entry, reference: nameOf(entry), reached, chains };
  };
  const entries = await sideBySide(
    roots,
    atATime,
    async (entry, turn) => turn(async () => readEntry(entry)),
    signal,
  );
  const living = new Set(entries.flatMap(({ reached }) => [...reached]));
  return {
    entries,
    orphans: referrers.map(({ entry }) => entry).filter(({ digest }) => !living.has(digest)),
    damaged: [...damaged].map(([digest, problem]) => ({ digest, problem })),
  };
}

interface Referrer {
  readonly entry: Descriptor;
  readonly subject: Digest;
  readonly reached: ReadonlySet<Digest>;
}

/** A referrer joins what it refers to, and brings what it points to; others may refer to that. */
function withReferrers(
  reached: ReadonlySet<Digest>,
  referrers: readonly Referrer[],
): ReadonlySet<Digest> {
  const all = new Set(reached);
  for (let grown = true; grown;) {
    grown = false;
    for (const referrer of referrers) {
      if (all.has(referrer.entry.digest) || !all.has(referrer.subject)) continue;
      for (const digest of referrer.reached) all.add(digest);
      grown = true;
    }
  }
  return all;
}

/** Undefined for what is no image (a signature, a chart), and for one whose documents are not here. */
async function chainOf(
  blobs: BlobReader,
  manifest: Descriptor,
  signal: AbortSignal | undefined,
): Promise<Chain | undefined> {
  if (!(await blobs.has(manifest, signal))) return undefined;
  const { config } = await readManifest(blobs, manifest, signal);
  if (!isImageConfig(config.mediaType) || !(await blobs.has(config, signal))) return undefined;
  const { layersBaseFirst } = await readImage(blobs, manifest, signal);
  return {
    digests: layersBaseFirst.map(({ descriptor }) => descriptor.digest),
    diffIds: layersBaseFirst.map(({ diffId }) => diffId),
  };
}
