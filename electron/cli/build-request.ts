import path from 'node:path';
import { buildRequestSchema, type BuildRequest } from '../../shared/ipc/build-request.ts';
import { canonicalReference } from '../../shared/oci/reference.ts';
import { parseCacheFrom, parseCacheTo } from './cache-option.ts';
import { refusedOption } from './option-fields.ts';
import { pairs } from './pairs.ts';
import type { ProgressKind } from './progress/progress.ts';
import { runOptionsOf, type RunFlags } from './run-options.ts';

/** The flags of `layerwright build`, as commander reads them. */
export interface BuildFlags extends RunFlags {
  readonly file?: string;
  readonly tag?: readonly string[];
  readonly buildArg?: readonly string[];
  readonly buildContext?: readonly string[];
  readonly label?: readonly string[];
  readonly target?: string;
  readonly platform?: string;
  readonly output?: readonly string[];
  readonly progress: Exclude<ProgressKind, 'quiet'>;
  readonly quiet?: boolean;
  /** commander's form of `--no-cache`. */
  readonly cache: boolean;
  /** commander's form of `--no-cache-filter`: true where it is not given. */
  readonly cacheFilter?: true | readonly string[];
  readonly rerunFrom?: string;
  readonly cacheFrom?: readonly string[];
  readonly cacheTo?: readonly string[];
  readonly explainCache?: boolean;
  readonly compression: BuildRequest['compression'];
  readonly backend: BuildRequest['backend'];
  readonly pull: BuildRequest['pull'];
  readonly insecureRegistry?: readonly string[];
  readonly mirror?: readonly string[];
  readonly timestamps: BuildRequest['timestamps'];
  readonly sourceDateEpoch?: string;
  readonly iidfile?: string;
  readonly metadataFile?: string;
}

interface Place {
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Makes the request that the flags stand for. Throws AppError `bad-request` or `reference-invalid`. */
export function buildRequestOf(
  contextDir: string,
  flags: BuildFlags,
  { cwd, environment }: Place,
): BuildRequest {
  const epoch = flags.sourceDateEpoch ?? environment['SOURCE_DATE_EPOCH'];
  const { backend, compression, file, platform, tag = [], target, timestamps } = flags;
  for (const reference of tag) canonicalReference(reference);
  return buildRequestSchema.parse({
    contextDir: path.resolve(cwd, contextDir),
    ...(file === undefined ? {} : { dockerfile: file === '-' ? '-' : path.resolve(cwd, file) }),
    tags: tag,
    ...(target === undefined ? {} : { target }),
    ...(platform === undefined ? {} : { platform }),
    buildArgs: buildArgs(flags.buildArg ?? [], environment),
    namedContexts: namedContexts(flags.buildContext ?? [], cwd),
    labels: pairs('--label', flags.label ?? [], () => ''),
    ...cacheWishes(flags, cwd),
    pull: flags.pull,
    compression,
    backend,
    timestamps,
    run: runOptionsOf(flags, cwd),
    ...(epoch === undefined || epoch === '' ? {} : { sourceDateEpoch: seconds(epoch) }),
  });
}

/** As Docker has it, `--build-arg NAME` without a value takes it from the environment, and is nothing without one there. */
function buildArgs(
  given: readonly string[],
  environment: Place['environment'],
): Readonly<Record<string, string>> {
  return pairs('--build-arg', given, name => environment[name]);
}

function namedContexts(given: readonly string[], cwd: string): Readonly<Record<string, string>> {
  const contexts = pairs('--build-context', given, name => {
    throw refusedOption(
      '--build-context',
      `${name} needs a value: ${name}=<folder or docker-image://...>`,
    );
  });
  const absolute = Object.entries(contexts).map(([name, value]) => [
    name,
    /^[a-z][a-z0-9+.-]+:\/\//i.test(value) ? value : path.resolve(cwd, value),
  ]);
  return Object.fromEntries(absolute);
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw refusedOption('--source-date-epoch', `"${text}" is not a number of seconds since 1970`);
}

function cacheWishes(flags: BuildFlags, cwd: string) {
  const { cache, cacheFilter, cacheFrom = [], cacheTo = [], rerunFrom } = flags;
  return {
    noCache: !cache,
    noCacheFilter: stageNames(cacheFilter),
    ...(rerunFrom === undefined ? {} : { rerunFrom: lineNumber(rerunFrom) }),
    cacheFrom: cacheFrom.map(text => parseCacheFrom(text, cwd)),
    cacheTo: cacheTo.map(text => parseCacheTo(text, cwd)),
  };
}

function stageNames(given: BuildFlags['cacheFilter']): readonly string[] {
  return given === undefined || given === true ? [] : given.flatMap(text => text.split(','));
}

function lineNumber(text: string): number {
  const value = Number(text);
  if (/^\d{1,9}$/.test(text) && value > 0) return value;
  throw refusedOption('--rerun-from', `"${text}" is not the number of a line`);
}
