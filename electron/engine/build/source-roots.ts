import type { StageSource } from '../../../shared/dockerfile/stage-source.ts';
import { AppError } from '../../../shared/failure.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { Platform } from '../../../shared/oci/descriptor.ts';
import type { Image } from '../../../shared/oci/image.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { namedContext, type Bases } from './bases.ts';
import { openContext, type Context, type ContextOptions } from './contexts.ts';
import type { Scratch } from './scratch.ts';
import { chainIdOf, type StageImage } from './stage-image.ts';
import type { Trees } from './stage-files.ts';
import { createImageTree } from './sources/image-tree.ts';
import type { SourceRoot } from './steps/step-sources.ts';

export interface SourceRootsDeps {
  readonly request: BuildRequest;
  /** Absolute path of the Dockerfile, or `-`. */
  readonly dockerfile: string;
  readonly statCacheDir: string;
  readonly blobs: BlobReader;
  readonly platform: Platform;
  readonly bases: Bases;
  readonly trees: Trees;
  readonly scratch: Scratch;
  readonly stageImage: (index: number) => Promise<StageImage>;
  /** A stage as people call it. */
  readonly stageName: (index: number) => string;
}

/** The trees that COPY can name, each opened once. */
export interface SourceRoots {
  root(from: StageSource | undefined, signal?: AbortSignal): Promise<SourceRoot>;
  /** Keeps what was learned about the files of the contexts. */
  save(): Promise<void>;
}

export function createSourceRoots(deps: SourceRootsDeps): SourceRoots {
  const contexts = createContexts(deps.statCacheDir);
  return {
    async root(from, signal) {
      const found = await imageOf(from, deps, signal);
      if (found) return imageRoot(found.image, found.label, deps);
      const { tree } = await contexts.open(folderOf(from, deps));
      return { label: tree.label, open: async () => tree };
    },
    save: () => contexts.save(),
  };
}

interface Contexts {
  open(options: Omit<ContextOptions, 'statCacheDir'>): Promise<Context>;
  save(): Promise<void>;
}

function createContexts(statCacheDir: string): Contexts {
  const known = new Map<string, Promise<Context>>();
  return {
    open(options) {
      const found = known.get(options.label) ?? openContext({ ...options, statCacheDir });
      known.set(options.label, found);
      return found;
    },
    async save() {
      for (const opening of known.values()) {
        await opening.then(({ statCache }) => statCache.save()).catch(() => undefined);
      }
    },
  };
}

/** The image that `from` names; undefined where it names a folder. */
async function imageOf(
  from: StageSource | undefined,
  { request, platform, bases, stageImage, stageName }: SourceRootsDeps,
  signal?: AbortSignal,
): Promise<{ readonly image: Image; readonly label: string } | undefined> {
  const named = from?.kind === 'context' ? namedContext(request, from.name) : from;
  switch (named?.kind) {
    case 'stage':
      return {
        image: (await stageImage(named.index)).image,
        label: `stage ${stageName(named.index)}`,
      };
    case 'image': {
      const { image } = await bases.image({ reference: named.reference, platform }, signal);
      return { image, label: `the image ${named.reference}` };
    }
    case 'scratch':
      throw new AppError({
        code: 'source-missing',
        source: 'scratch',
        from: 'any image: it is empty',
      });
    case 'folder':
    case undefined:
      return undefined;
  }
}

function folderOf(
  from: StageSource | undefined,
  { request, dockerfile }: SourceRootsDeps,
): Omit<ContextOptions, 'statCacheDir'> {
  if (from?.kind !== 'context') {
    return {
      dir: request.contextDir,
      label: 'the build context',
      ...(dockerfile === '-' ? {} : { dockerfile }),
    };
  }
  const { [from.name]: dir = '' } = request.namedContexts;
  return { dir, label: `the context "${from.name}"` };
}

/** The layers are only read once somebody opens the tree. */
function imageRoot(
  image: Image,
  label: string,
  { trees, scratch, blobs }: SourceRootsDeps,
): SourceRoot {
  const { layersBaseFirst } = image;
  return {
    label,
    contentKey: chainIdOf(image) ?? 'scratch',
    async open(signal) {
      const tree = await trees.tree(layersBaseFirst, signal);
      const spool = await scratch.spool();
      return createImageTree({
        label,
        tree,
        layersBaseFirst,
        blobs,
        spool,
        spoolDir: await scratch.dir(),
      });
    },
  };
}
