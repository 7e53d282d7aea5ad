import { AppError } from '../../../shared/failure.ts';
import type { Descriptor } from '../../../shared/oci/descriptor.ts';
import { parsePlatform } from '../../../shared/oci/platform.ts';
import { parseReference, withDefaultTag } from '../../../shared/oci/reference.ts';
import type { BlobReader } from '../../engine/content/blob-store.ts';
import { nameOf, type NamedImage } from '../../engine/content/image-names.ts';
import { openStore, type Store } from '../../engine/content/store.ts';
import {
  openImageSource,
  type ImageSource as OpenedSource,
} from '../../engine/image/import-images.ts';
import { readImage, type StoredImage } from '../../engine/image/read-image.ts';
import { listImages, selectImage, type ImageCandidate } from '../../engine/image/select-image.ts';
import { bestForHost } from '../../engine/image/choose-for-host.ts';
import { thisHost } from '../../engine/catalogue/host.ts';
import { createInspection, type Inspection } from '../../engine/inspect/inspection.ts';
import { openLayers, type LayerAccess } from '../../engine/inspect/open-layers.ts';
import { createLayerContents } from '../../engine/layer/layer-contents.ts';
import { createLayerIndexes } from '../../engine/layer/layer-indexes.ts';
import type { ConnectionFlags } from '../../engine/remote/connection-settings.ts';
import { imageProvenance } from '../../engine/state/layer-provenance.ts';
import type { CommandContext } from '../command.ts';
import { connectStore } from '../commands/registries.ts';
import { withState, withStore } from '../commands/store.ts';
import { readChain, type ImageChain } from '../chain.ts';
import { parseImageSource, type ImageSource } from './image-source.ts';
import { remoteBlobs } from './remote-blobs.ts';

/** Flags of every command that looks into an image. */
export interface ImageFlags extends ConnectionFlags {
  readonly json?: boolean;
  readonly platform?: string;
}

/** An image that was found, wherever it is. */
export interface FoundImage {
  readonly chain: ImageChain;
  readonly stored: StoredImage;
  readonly store: Store;
  /** Indexes the layers where that was not done before, and opens them; once. */
  inspect(): Promise<Inspection>;
  /** How layers of the store's own images are read, for base images. */
  readonly access: LayerAccess;
}

/** Finds an image in the store, a file or a registry and keeps it open for as long as `work` runs. */
export async function withImage<T>(
  context: CommandContext,
  text: string,
  flags: ImageFlags,
  work: (image: FoundImage) => Promise<T>,
): Promise<T> {
  const source = await parseImageSource(text, context.cwd);
  return await withStore(context, async store => {
    await using resources = new AsyncDisposableStack();
    const place = await openPlace(context, { source, store, flags, resources });
    const stored = await chosenImage(place, flags.platform, context.signal);
    return await withState(context, async state => {
      const provenance = await imageProvenance(state, stored.descriptor.digest);
      const chain = await readChain({ ...place, reference: text, stored, provenance });
      const access = accessOf(context, { store, blobs: place.blobs, resources });
      const own = accessOf(context, { store, blobs: store.blobs, resources });
      let inspection: Promise<Inspection> | undefined;
      const inspect = async () => {
        const image = await openLayers(access, stored.layersBaseFirst, { signal: context.signal });
        const build = provenance && {
          stepOfLayer: new Map([...provenance.steps].map(([id, step]) => [id, lineOf(step)])),
          steps: provenance.plannedSteps.map(lineOf),
        };
        return resources.use(createInspection(stored, image, build));
      };
      return await work({
        chain,
        stored,
        store,
        access: own,
        inspect: () => (inspection ??= inspect()),
      });
    });
  });
}

function lineOf(step: {
  readonly keyword: string;
  readonly text: string;
  readonly range: { readonly start: { readonly line: number } };
}) {
  return { keyword: step.keyword, text: step.text, line: step.range.start.line };
}

interface Place {
  readonly blobs: BlobReader;
  readonly descriptor: Descriptor;
}

interface PlaceParts {
  readonly source: ImageSource;
  readonly store: Store;
  readonly flags: ImageFlags;
  readonly resources: AsyncDisposableStack;
}

async function openPlace(
  context: CommandContext,
  { source, store, flags, resources }: PlaceParts,
): Promise<Place> {
  const { signal } = context;
  if (source.kind === 'store') {
    return { blobs: store.blobs, descriptor: await store.names.resolve(source.reference) };
  }
  if (source.kind === 'file') {
    const opened = resources.use(await openImageSource(source.path, signal));
    const { blobs } = opened.kind === 'docker-archive' ? opened.archive : opened;
    return { blobs, descriptor: namedImage(source, imagesIn(opened)).descriptor };
  }
  // Beside the store, so that what dies with this process is swept like all else of it.
  const kept = resources.use(await openStore(await store.newScratchPath(), signal));
  const { client } = resources.use(await connectStore(context, store, flags));
  const named = withDefaultTag(parseReference(source.reference));
  const wanted = named.digest ?? named.tag ?? 'latest';
  const { descriptor } = await client.manifest(named, wanted, signal);
  const blobs = remoteBlobs({ client, store: store.blobs, kept: kept.blobs }, named);
  return { blobs, descriptor };
}

function imagesIn(source: OpenedSource): readonly NamedImage[] {
  if (source.kind === 'docker-archive') return source.archive.images;
  return source.entries.map(entry => {
    const reference = nameOf(entry);
    return { ...(reference === undefined ? {} : { reference }), descriptor: entry };
  });
}

function namedImage(
  { path, name }: Extract<ImageSource, { kind: 'file' }>,
  images: readonly NamedImage[],
): NamedImage {
  const fitting = images.filter(
    ({ reference }) =>
      name === undefined || reference === name || reference?.endsWith(`:${name}`) === true,
  );
  const [first] = fitting.length === 0 && images.length === 1 ? images : fitting;
  if (first !== undefined && fitting.length <= 1) return first;
  const names = images.map(({ reference, descriptor }) => reference ?? descriptor.digest);
  const what = name === undefined ? 'holds several images' : `has no image ${name}`;
  throw new AppError({
    code: 'bad-request',
    field: path,
    problem: `${what}; put one of these names behind the path and a colon: ${names.join(', ')}`,
  });
}

/** Without a platform, of the images that are there the one that suits this host best. */
async function chosenImage(
  { blobs, descriptor }: Place,
  platform: string | undefined,
  signal: AbortSignal,
): Promise<StoredImage> {
  if (platform !== undefined) {
    const wanted = { platform: parsePlatform(platform), choose: preferred };
    return await selectImage(blobs, descriptor, wanted, signal);
  }
  const candidates: ImageCandidate[] = [];
  for (const candidate of await listImages(blobs, descriptor, signal)) {
    if (await blobs.has(candidate.descriptor, signal)) candidates.push(candidate);
  }
  const [first, ...others] = candidates;
  const best = first && preferred([first, ...others]);
  return await readImage(blobs, best?.descriptor ?? descriptor, signal);
}

function preferred(matching: readonly [ImageCandidate, ...ImageCandidate[]]): ImageCandidate {
  return bestForHost(matching, thisHost());
}

interface AccessParts {
  readonly store: Store;
  readonly blobs: BlobReader;
  readonly resources: AsyncDisposableStack;
}

/** Indexes and unpacked layers are kept in the user's store: they are named by diff IDs. */
function accessOf(
  { storeDir }: CommandContext,
  { store, blobs, resources }: AccessParts,
): LayerAccess {
  const newScratchPath = () => store.newScratchPath();
  const contents = resources.use(createLayerContents({ blobs, storeDir, newScratchPath }));
  return { indexes: createLayerIndexes(storeDir, blobs), contents, newScratchPath };
}
