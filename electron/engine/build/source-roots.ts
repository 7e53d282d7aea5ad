import type { StageSource } from '../../../shared/dockerfile/stage-source.ts';
import { AppError } from '../../../shared/failure.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { Platform } from '../../../shared/oci/descriptor.ts';
import type { Image } from '../../../shared/oci/image.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { namedContext, type Bases } from './bases.ts';
import { openContext, type Context } from './contexts.ts';
import type { Scratch } from './scratch.ts';
import { chainIdOf, type StageImage } from './stage-image.ts';
import type { Trees } from './stage-files.ts';
import { createImageTree } from './sources/image-tree.ts';
import type { SourceRoot } from './backends/portable/step-sources.ts';

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
  stageImage(index: number): Promise<StageImage>;
}

/** The trees that COPY can name, each opened once. */
export interface SourceRoots {
  root(from: StageSource | undefined, signal?: AbortSignal): Promise<SourceRoot>;
  /** Keeps what was learned about the files of the contexts. */
  save(): Promise<void>;
}

export function createSourceRoots(deps: SourceRootsDeps): SourceRoots {
  const { request, statCacheDir } = deps;
  const contexts = new Map<string, Promise<Context>>();

  function folder(dir: string, label: string, dockerfile?: string): Promise<Context> {
    const found =
      contexts.get(label) ??
      openContext({
        dir,
        label,
        statCacheDir,
        ...(dockerfile === undefined ? {} : { dockerfile }),
      });
    contexts.set(label, found);
    return found;
  }
  async function imageRoot(image: Image, label: string, signal?: AbortSignal): Promise<SourceRoot> {
    const { layersBaseFirst } = image;
    const tree = await deps.trees.tree(layersBaseFirst, signal);
    const [spool, spoolDir] = [await deps.scratch.spool(), await deps.scratch.dir()];
    const options = { label, tree, layersBaseFirst, blobs: deps.blobs, spool, spoolDir };
    return { tree: createImageTree(options), contentKey: chainIdOf(image) ?? 'scratch' };
  }
  async function named(name: string, signal?: AbortSignal): Promise<SourceRoot> {
    const context = namedContext(request, name);
    if (context.kind === 'folder') return folder(context.dir, `the context "${name}"`);
    const { image } = await deps.bases.image(context.reference, deps.platform, signal);
    return imageRoot(image, `the context "${name}"`, signal);
  }
  return {
    async root(from, signal) {
      switch (from?.kind) {
        case undefined: {
          const dockerfile = deps.dockerfile === '-' ? undefined : deps.dockerfile;
          return folder(request.contextDir, 'the build context', dockerfile);
        }
        case 'stage':
          return imageRoot(
            (await deps.stageImage(from.index)).image,
            `stage ${from.index}`,
            signal,
          );
        case 'image': {
          const { image } = await deps.bases.image(from.reference, deps.platform, signal);
          return imageRoot(image, `the image ${from.reference}`, signal);
        }
        case 'context':
          return named(from.name, signal);
        case 'scratch':
          throw new AppError({
            code: 'source-missing',
            source: 'scratch',
            from: 'any image: it is empty',
          });
      }
    },
    async save() {
      for (const opening of contexts.values())
        await opening.then(context => context.statCache.save()).catch(() => undefined);
    },
  };
}
