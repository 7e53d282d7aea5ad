import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { reachable, subjectOf } from './graph.ts';
import { changeIndexFile, nameOf } from './image-names.ts';
import { readIndexFile } from './layout.ts';
import type { NamedImage } from './image-names.ts';
import { collectDownloads } from './partial-downloads.ts';
import type { Store } from './store.ts';

/** A blob on disk; the size is in bytes. */
export interface StoredBlob {
  readonly digest: Digest;
  readonly size: number;
}

/** What removing a name did or would do. */
export interface Removal {
  readonly removed: readonly NamedImage[];
  readonly freed: readonly StoredBlob[];
  /** No longer needed, but kept until the next collection because the store was in use. */
  readonly left: readonly StoredBlob[];
}

/**
 * Removes every blob that no entry of index.json and none of `keep` (such as the layers of cache records) reaches, and
 * gives what was removed, with what is left of downloads that nobody went on with for a week. Throws store-busy while anybody holds a lock; image-invalid where a manifest cannot be
 * understood, and then removes nothing.
 */
export async function collectGarbage(
  store: Store,
  keep: ReadonlySet<Digest> = new Set(),
  signal?: AbortSignal,
): Promise<readonly StoredBlob[]> {
  using held = store.lock.tryExclusive();
  if (held === undefined) throw new AppError({ code: 'store-busy', path: store.dir });
  const { manifests } = await readIndexFile(store.dir);
  const kept = await livingEntries(store, manifests, signal);
  const garbage = await unreached(store, kept, keep, signal);
  if (kept.length < manifests.length) await changeIndexFile(store.dir, () => kept);
  for (const { digest } of garbage) await store.blobs.delete(digest);
  return [...garbage, ...(await collectDownloads(store.dir))];
}

/**
 * Removes a name, or by digest all names of an image, and collects. Of `cached`, the layers of cache records, those of the
 * image go all the same: what was removed shall be gone. Throws image-missing.
 */
export async function removeImage(
  store: Store,
  reference: string,
  cached: ReadonlySet<Digest> = new Set(),
  signal?: AbortSignal,
): Promise<Removal> {
  const keep = await withoutThose(store, reference, cached, signal);
  const removed = await store.names.remove(reference, signal);
  try {
    return { removed, freed: await collectGarbage(store, keep, signal), left: [] };
  } catch (error) {
    if (!(error instanceof AppError) || error.failure.code !== 'store-busy') throw error;
    const { manifests } = await readIndexFile(store.dir);
    return { removed, freed: [], left: await unreached(store, manifests, keep, signal) };
  }
}

/** What `removeImage` would free; changes nothing. Throws image-missing. */
export async function previewRemoval(
  store: Store,
  reference: string,
  cached: ReadonlySet<Digest> = new Set(),
  signal?: AbortSignal,
): Promise<Removal> {
  const keep = await withoutThose(store, reference, cached, signal);
  const removed = await store.names.matching(reference);
  const gone = new Set(removed.map(image => key(image.reference, image.descriptor)));
  const { manifests } = await readIndexFile(store.dir);
  const left = manifests.filter(entry => !gone.has(key(nameOf(entry), entry)));
  const kept = await livingEntries(store, left, signal);
  return { removed, freed: await unreached(store, kept, keep, signal), left: [] };
}

async function withoutThose(
  store: Store,
  reference: string,
  cached: ReadonlySet<Digest>,
  signal: AbortSignal | undefined,
): Promise<ReadonlySet<Digest>> {
  if (cached.size === 0) return cached;
  const roots = (await store.names.matching(reference)).map(({ descriptor }) => descriptor);
  const reached = await reachable(store.blobs, roots, { skipMissing: true }, signal);
  return new Set([...cached].filter(digest => !reached.has(digest)));
}

function key(reference: string | undefined, { digest }: Descriptor): string {
  return `${digest} ${reference ?? ''}`;
}

/** An entry without a name that refers to an image (a signature, an attestation) lives as long as that image. */
async function livingEntries(
  store: Store,
  entries: readonly Descriptor[],
  signal: AbortSignal | undefined,
): Promise<readonly Descriptor[]> {
  const subjects = new Map<Descriptor, Digest>();
  for (const entry of entries) {
    const subject =
      nameOf(entry) === undefined ? await subjectOf(store.blobs, entry, signal) : undefined;
    if (subject !== undefined) subjects.set(entry, subject);
  }
  const living = new Set(entries.filter(entry => !subjects.has(entry)));
  for (let grown = true; grown;) {
    const reached = await reachable(store.blobs, [...living], { skipMissing: true }, signal);
    const joining = [...subjects].filter(([entry, of]) => !living.has(entry) && reached.has(of));
    for (const [entry] of joining) living.add(entry);
    grown = joining.length > 0;
  }
  return entries.filter(entry => living.has(entry));
}

async function unreached(
  store: Store,
  roots: readonly Descriptor[],
  keep: ReadonlySet<Digest>,
  signal: AbortSignal | undefined,
): Promise<readonly StoredBlob[]> {
  const reached = await reachable(store.blobs, roots, { skipMissing: true }, signal);
  const garbage: StoredBlob[] = [];
  for await (const blob of store.blobs.list()) {
    if (!reached.has(blob.digest) && !keep.has(blob.digest)) garbage.push(blob);
  }
  return garbage.sort((a, b) => (a.digest < b.digest ? -1 : 1));
}
