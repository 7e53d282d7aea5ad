import { join } from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { isDigest } from '../../../shared/oci/digest.ts';
import type { Index } from '../../../shared/oci/manifest.ts';
import { canonicalReference } from '../../../shared/oci/reference.ts';
import { replaceFile } from './file-system.ts';
import { readIndexFile } from './layout.ts';
import type { StoreLock } from './store-lock.ts';

const refNameKey = 'org.opencontainers.image.ref.name';
const containerdNameKey = 'io.containerd.image.name';

/** An image in a store; without a reference it was built or imported without a tag. */
export interface NamedImage {
  readonly reference?: string;
  readonly descriptor: Descriptor;
}

/** The names of the images in a store. References are taken as people write them: `hello` is `docker.io/library/hello:latest`. */
export interface ImageNames {
  list(): Promise<readonly NamedImage[]>;
  /** Finds an image by reference, or by manifest digest. Throws image-missing or reference-invalid. */
  resolve(reference: string): Promise<Descriptor>;
  /** The entries that `remove` would remove. Throws image-missing or reference-invalid. */
  matching(reference: string): Promise<readonly NamedImage[]>;
  /** Points `reference` to an image; without one, the image is only kept from being collected. */
  set(reference: string | undefined, image: Descriptor, signal?: AbortSignal): Promise<void>;
  /** Removes a name; given a digest, all names of that image. Gives what was removed; throws image-missing. */
  remove(reference: string, signal?: AbortSignal): Promise<readonly NamedImage[]>;
}

/**
 * Keeps names in the `index.json` of an image layout, in the annotations that containerd and skopeo read: skopeo
 * finds an image as `oci:<layout>:<full reference>`. Entries we do not understand are kept as they are.
 */
export function layoutNames(layoutDir: string, lock: StoreLock): ImageNames {
  async function update(
    change: (manifests: readonly Descriptor[]) => readonly Descriptor[],
    signal: AbortSignal | undefined,
  ): Promise<void> {
    using _ = await lock.names(signal);
    await changeIndexFile(layoutDir, change);
  }
  const list = async () => (await readIndexFile(layoutDir)).manifests.map(namedImage);
  return {
    list,
    resolve: async reference => find(await list(), reference)[0].descriptor,
    matching: async reference => find(await list(), reference),
    set: (reference, image, signal) =>
      update(manifests => withName(manifests, reference, image), signal),
    async remove(reference, signal) {
      let removed: readonly NamedImage[] = [];
      await update(manifests => {
        removed = find(manifests.map(namedImage), reference);
        const matches = matcher(reference);
        return manifests.filter(entry => !matches(namedImage(entry)));
      }, signal);
      return removed;
    },
  };
}

/** Changes the entries of `index.json`. The caller holds the lock for names or the exclusive one. */
export async function changeIndexFile(
  layoutDir: string,
  change: (manifests: readonly Descriptor[]) => readonly Descriptor[],
): Promise<void> {
  const index = await readIndexFile(layoutDir);
  const next: Index = { ...index, manifests: [...change(index.manifests)] };
  await replaceFile(join(layoutDir, 'index.json'), asideIndex(layoutDir), JSON.stringify(next));
}

/** Where the next `index.json` is written; one name is enough, as its writers hold a lock. */
export function asideIndex(layoutDir: string): string {
  return join(layoutDir, 'index.json.new');
}

/** The name that an entry of an `index.json` gives its image. */
export function nameOf(entry: Descriptor): string | undefined {
  return entry.annotations?.[containerdNameKey] ?? entry.annotations?.[refNameKey];
}

/** The entry of an `index.json` that names an image. */
export function namedEntry(reference: string | undefined, image: Descriptor): Descriptor {
  const { [refNameKey]: _ref, [containerdNameKey]: _name, ...others } = image.annotations ?? {};
  const names =
    reference === undefined ? {} : { [containerdNameKey]: reference, [refNameKey]: reference };
  const { annotations: _, ...descriptor } = image;
  const annotations = { ...others, ...names };
  return Object.keys(annotations).length === 0 ? descriptor : { ...descriptor, annotations };
}

function namedImage(entry: Descriptor): NamedImage {
  const reference = nameOf(entry);
  const descriptor = namedEntry(undefined, entry);
  return reference === undefined ? { descriptor } : { reference, descriptor };
}

/** A name belongs to one image; an image that got a name needs no nameless entry any more. */
function withName(
  manifests: readonly Descriptor[],
  reference: string | undefined,
  image: Descriptor,
): readonly Descriptor[] {
  const name = reference === undefined ? undefined : canonicalReference(reference);
  const known = manifests.some(entry => entry.digest === image.digest);
  if (name === undefined && known) return manifests;
  const others = manifests.filter(entry => {
    const old = nameOf(entry);
    return old === undefined ? entry.digest !== image.digest : old !== name;
  });
  return [...others, namedEntry(name, image)];
}

function find(
  images: readonly NamedImage[],
  reference: string,
): readonly [NamedImage, ...NamedImage[]] {
  const [first, ...others] = images.filter(matcher(reference));
  if (first === undefined) throw new AppError({ code: 'image-missing', reference });
  return [first, ...others];
}

function matcher(reference: string): (image: NamedImage) => boolean {
  if (isDigest(reference)) return image => image.descriptor.digest === reference;
  const canonical = canonicalReference(reference);
  const [name, digest] = canonical.split('@');
  // `name:tag@digest` and `name@digest` mean the digest, whatever it is called here now.
  if (digest !== undefined) {
    const repository = name?.replace(/:[^/:]*$/, '');
    return image =>
      image.descriptor.digest === digest &&
      (image.reference === undefined ||
        image.reference.startsWith(`${repository}:`) ||
        image.reference === canonical);
  }
  return image => image.reference === canonical;
}
