import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import {
  familiarReference,
  formatReference,
  parseReference,
  type ImageReference,
} from '../../../shared/oci/reference.ts';
import type { NamedImage } from '../content/image-names.ts';
import { RegistryError } from './registry-error.ts';

/*
 * How the names of the store become repositories. The store knows images by full references such as
 * `docker.io/library/app:1` or `mcr.microsoft.com/windows/nanoserver:ltsc2022`. A repository is asked for
 *
 * - as people write the image: `app`, `acme/shop` or `mcr.microsoft.com/windows/nanoserver`,
 * - or without the registry, where only one registry has that tag: `windows/nanoserver`.
 *
 * What is pushed gets the name that people write: a push to `localhost:5000/app` is kept as `docker.io/library/app`.
 */

/** An image of the store that has a name. */
interface Named {
  readonly reference: ImageReference;
  readonly text: string;
  readonly descriptor: Descriptor;
}

/** An image of a repository as it is served. */
export interface ServedImage {
  /** As the store has it. */
  readonly storedName: string;
  readonly tag?: string;
  readonly descriptor: Descriptor;
}

/** All repositories under the names that people write, each once. */
export function repositoryNames(images: readonly NamedImage[]): ReadonlySet<string> {
  return new Set(named(images).map(image => shortName(image.reference)));
}

/** The images of a repository: its own, and of other registries those whose tags it does not have itself. */
export function imagesOf(images: readonly NamedImage[], name: string): readonly ServedImage[] {
  const { registry, repository } = repositoryReference(name);
  const all = named(images);
  const own = all.filter(
    ({ reference }) => reference.registry === registry && reference.repository === repository,
  );
  const ownTags = new Set(own.map(({ reference }) => reference.tag));
  const others = all.filter(
    ({ reference }) => reference.repository === name && !ownTags.has(reference.tag),
  );
  return [...own, ...others].map(({ reference, text, descriptor }) => ({
    storedName: text,
    descriptor,
    ...(reference.tag === undefined ? {} : { tag: reference.tag }),
  }));
}

/** The image with a tag. Undefined where there is none; throws DENIED where several registries have one. */
export function imageWithTag(images: readonly ServedImage[], tag: string): ServedImage | undefined {
  const [found, ...others] = images.filter(image => image.tag === tag);
  if (
    found === undefined ||
    others.every(({ descriptor }) => descriptor.digest === found.descriptor.digest)
  ) {
    return found;
  }
  const names = [found, ...others].map(image => image.storedName);
  const message = `several images have this name; ask for one with its registry: ${names.join(', ')}`;
  throw new RegistryError('DENIED', message, { status: 403, detail: { names } });
}

/** The name under which the store keeps what is pushed to a repository. */
export function storedName(name: string, tag: string): string {
  return formatReference({ ...repositoryReference(name), tag });
}

function repositoryReference(name: string): ImageReference {
  try {
    const { registry, repository } = parseReference(name);
    return { registry, repository };
  } catch {
    const message = 'this cannot be the name of an image';
    throw new RegistryError('NAME_INVALID', message, { status: 400, detail: { name } });
  }
}

/** Other tools may have put names into the index that are no references: they cannot be asked for. */
function named(images: readonly NamedImage[]): readonly Named[] {
  return images.flatMap(({ reference: text, descriptor }) => {
    if (text === undefined) return [];
    try {
      return [{ reference: parseReference(text), text, descriptor }];
    } catch {
      return [];
    }
  });
}

/** A registry with a port, or in capitals, cannot be part of the name of a repository. */
function shortName({ registry, repository }: ImageReference): string {
  if (!/^[a-z0-9.-]+$/.test(registry)) return repository;
  return familiarReference({ registry, repository });
}
