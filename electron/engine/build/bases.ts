import type { BuildStage, StagePlan } from '../../../shared/dockerfile/stages.ts';
import type { StageSource } from '../../../shared/dockerfile/stage-source.ts';
import { AppError } from '../../../shared/failure.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { Platform } from '../../../shared/oci/descriptor.ts';
import { emptyImage, type Image } from '../../../shared/oci/image.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';
import type { BlobReader } from '../content/blob-store.ts';
import type { OnTransferEvent } from '../../../shared/ipc/transfer-events.ts';
import type { BaseImageSource } from '../image/base-image-source.ts';
import { chooseBase, type ChosenBase } from './base-image.ts';

/** Images that FROM and COPY --from name, each looked up once. */
export interface Bases {
  /**
   * `onPull` is told of the download, if this is who asks first. Fails with `base-missing`, `base-unusable`,
   * `platform-missing`, and as a pull does.
   */
  image(wanted: BaseRequest, signal?: AbortSignal): Promise<ChosenBase>;
}

export interface BaseRequest {
  readonly reference: string;
  readonly platform: Platform;
  readonly onPull?: OnTransferEvent;
}

export interface BasesOptions {
  readonly source: BaseImageSource;
  readonly blobs: BlobReader;
  readonly host: Host;
}

export function createBases({ source, blobs, host }: BasesOptions): Bases {
  const known = new Map<string, Promise<ChosenBase>>();
  return {
    image(wanted, signal) {
      const key = JSON.stringify([wanted.reference, wanted.platform]);
      const found = known.get(key) ?? chooseBase({ ...wanted, host }, source, blobs, signal);
      known.set(key, found);
      return found;
    },
  };
}

/** What a named context stands for. */
export type NamedContext =
  | { readonly kind: 'folder'; readonly dir: string }
  | { readonly kind: 'image'; readonly reference: string };

const imageScheme = 'docker-image://';

/** Reads the value of `--build-context name=value`. Fails with `bad-request`. */
export function namedContext(request: BuildRequest, name: string): NamedContext {
  const value = request.namedContexts[name] ?? '';
  if (value.startsWith(imageScheme))
    return { kind: 'image', reference: value.slice(imageScheme.length) };
  if (value !== '' && !/^[a-z][a-z0-9+.-]+:\/\//iu.test(value))
    return { kind: 'folder', dir: value };
  const problem = `the context "${name}" must be a folder or docker-image://<reference>, not "${value}".`;
  throw new AppError({ code: 'bad-request', field: 'namedContexts', problem });
}

/** The base of a stage: an image, or the stage that it goes on from. */
export type StageBaseImage =
  | { readonly kind: 'stage'; readonly index: number }
  | ({ readonly kind: 'image' } & ChosenBase)
  | { readonly kind: 'scratch'; readonly image: Image };

/** Who is told of the download of a stage's base. */
export type PullListener = (stage: BuildStage) => OnTransferEvent;

/** Finds the base of every stage that is needed, before anything is built. */
export async function resolveBases(
  { stages, targetPlatform }: StagePlan,
  request: BuildRequest,
  { bases, onPull }: { readonly bases: Bases; readonly onPull: PullListener },
  signal?: AbortSignal,
): Promise<ReadonlyMap<number, StageBaseImage>> {
  const resolved = new Map<number, StageBaseImage>();
  for (const stage of stages) {
    const platform = windowsPlatform(stage, targetPlatform);
    const context = { platform, request, bases, onPull: onPull(stage), signal };
    resolved.set(stage.index, await resolveBase(stage.base, context));
  }
  return resolved;
}

interface ResolveContext {
  readonly platform: Platform;
  readonly request: BuildRequest;
  readonly bases: Bases;
  readonly onPull: OnTransferEvent;
  readonly signal: AbortSignal | undefined;
}

async function resolveBase(source: StageSource, context: ResolveContext): Promise<StageBaseImage> {
  switch (source.kind) {
    case 'stage':
      return { kind: 'stage', index: source.index };
    case 'scratch':
      return { kind: 'scratch', image: emptyImage(context.platform) };
    case 'image': {
      const { bases, onPull, platform, signal } = context;
      const { reference } = source;
      return { kind: 'image', ...(await bases.image({ reference, platform, onPull }, signal)) };
    }
    case 'context': {
      const named = namedContext(context.request, source.name);
      if (named.kind === 'image') return resolveBase(named, context);
      const problem = `the context "${source.name}" is a folder; FROM needs an image (docker-image://<reference>).`;
      throw new AppError({ code: 'bad-request', field: 'namedContexts', problem });
    }
  }
}

function windowsPlatform({ platform, baseText }: BuildStage, target: Platform): Platform {
  if (!platform || platform.os === 'windows') return platform ?? target;
  const problem = `FROM asks for the platform ${platform.os}/${platform.architecture}; only Windows stages can be built.`;
  throw new AppError({ code: 'base-unusable', reference: baseText, problem });
}
