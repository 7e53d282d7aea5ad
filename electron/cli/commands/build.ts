import { arch } from 'node:os';
import path from 'node:path';
import type { BuildEvent, BuildEventBody, BuildResult } from '../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { Host } from '../../../shared/windows/host-compatibility.ts';
import { storedBaseImages } from '../../engine/build/base-image.ts';
import type { HcsSupport } from '../../engine/build/backends/hcs/support.ts';
import { runBuild } from '../../engine/build/run-build.ts';
import { thisHost } from '../../engine/catalogue/host.ts';
import type { Store } from '../../engine/content/store.ts';
import { sampleRegistry, withSamples } from '../../engine/sample/with-samples.ts';
import { createBuildManager, type RunBuild } from '../../engine/state/build-manager.ts';
import type { State } from '../../engine/state/state.ts';
import { pullingBaseImages } from '../../engine/transfer/pulling-base-images.ts';
import type { Transfers } from '../../engine/transfer/transfers.ts';
import { withBuildFile } from '../build-file.ts';
import { buildRequestOf, type BuildFlags } from '../build-request.ts';
import type { CommandContext } from '../command.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { exportTo } from '../export.ts';
import { parseOutput, type Output } from '../output-option.ts';
import { createLogTails } from '../log-tails.ts';
import { createProgress } from '../progress/progress.ts';
import { createStoryTeller } from '../progress/story-teller.ts';
import { reportFailure } from '../report-failure.ts';
import { writeResultFiles } from '../result-files.ts';
import { shownReference } from '../../../shared/oci/reference.ts';
import { counted, formatDuration } from '../text/units.ts';
import { connectStore } from './registries.ts';
import { withState, withStore } from './store.ts';

/** The flags that say how a build is shown and what is written besides the image. */
export type JobFlags = Pick<
  BuildFlags,
  'progress' | 'quiet' | 'explainCache' | 'iidfile' | 'metadataFile' | 'insecureRegistry' | 'mirror'
>;

/** What a build on the command line is made of. */
export interface BuildJob {
  readonly request: BuildRequest;
  /** The Dockerfile where it came from standard input. */
  readonly input?: string;
  readonly outputs: readonly Output[];
  readonly flags: JobFlags;
}

/** `layerwright build`: builds, shows how it goes, and writes what was asked for besides the store. */
export async function build(
  context: CommandContext,
  contextDir: string,
  flags: BuildFlags,
): Promise<number> {
  const { cwd, readInput } = context;
  const request = await withBuildFile(buildRequestOf(contextDir, flags, context));
  const outputs = (flags.output ?? []).map(text => parseOutput(text, cwd));
  const input = request.dockerfile === '-' ? { input: await readInput() } : {};
  return await runJob(context, { request, outputs, flags, ...input });
}

/** Builds in the store of the command line, shows how it goes, and gives the exit code. */
export async function runJob(context: CommandContext, job: BuildJob): Promise<number> {
  return await withStore(context, async store =>
    withState(context, async state => await buildInStore(context, store, state, job)),
  );
}

async function buildInStore(
  context: CommandContext,
  store: Store,
  state: State,
  job: BuildJob,
): Promise<number> {
  const { signal, terminal } = context;
  const { flags, input, request } = job;
  const progress = createProgress(flags.quiet === true ? 'quiet' : flags.progress, terminal);
  await using connection = await connectStore(context, store, flags);
  const { transfers } = connection;
  const manager = createBuildManager(state, runnerFor(context, { store, state, transfers }, input));
  const tails = createLogTails();
  manager.subscribe((_buildId, event) => {
    progress.show(event);
    tails.add(event);
  });
  const stories = createStoryTeller();
  manager.subscribe((_buildId, event) => stories.hear(event));
  const buildId = manager.start(request);
  const cancel = (): void => void manager.cancel(buildId);
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  const { failure, result } = await manager.settled(buildId).finally(() => progress.end());
  signal.removeEventListener('abort', cancel);
  if (flags.explainCache === true) for (const line of stories.lines()) terminal.note(line);
  if (result !== undefined) return await deliver(context, store, job, result);
  const told = failure ?? { code: 'cancelled' };
  await reportFailure(terminal, told, { input, lastLines: tails.ofFailedStep() });
  return exitCodeOf(told);
}

interface RunnerParts {
  readonly store: Store;
  readonly state: Pick<State, 'filesDir'>;
  readonly transfers: Transfers;
}

/** Runs builds in `store`; makes sample images where FROM names them. */
export function runnerFor(
  { environment, terminal }: CommandContext,
  { store, state, transfers }: RunnerParts,
  input: string | undefined,
): RunBuild {
  const architecture = arch();
  const host = thisHost();
  const onMade = (): void => terminal.note('note: made the sample base images in the store');
  return async ({ buildId, request, emit, signal }) => {
    const hcs = host.kind === 'other' ? undefined : await hcsOf(store, host);
    return await runBuild(
      request,
      {
        store,
        ...(hcs ? { hcs } : {}),
        filesDir: state.filesDir(buildId),
        baseImages: pullingBaseImages(withSamples(storedBaseImages(store), store, onMade), {
          store,
          transfers,
          policy: request.pull,
          isLocal: registry => registry === sampleRegistry,
        }),
        host,
        registryArtifact: reference => transfers.artifact(reference),
        buildPlatform: {
          os: 'windows',
          architecture: architecture === 'x64' ? 'amd64' : architecture,
        },
        environment,
        buildId,
        ...(input === undefined ? {} : { standardInput: input }),
        onEvent: event => emit(bodyOf(event)),
      },
      signal,
    );
  };
}

/** Loaded only where it can be used: it is a large part of the program. */
async function hcsOf(store: Store, host: Host): Promise<HcsSupport | undefined> {
  const { hcsOfThisMachine } = await import('../../engine/build/backends/hcs/this-machine.ts');
  return await hcsOfThisMachine(store, host);
}

/** The manager gives the events of a record their number and time. */
function bodyOf({ seq: _seq, time: _time, ...body }: BuildEvent): BuildEventBody {
  return body;
}

/** Writes the image and the result to where the flags say, and tells what was built. */
async function deliver(
  { cwd, signal, terminal }: CommandContext,
  store: Store,
  { flags, outputs }: BuildJob,
  result: BuildResult,
): Promise<number> {
  const descriptor = await store.names.resolve(result.manifestDigest);
  const named = result.tags.map(reference => ({ reference, descriptor }));
  for (const output of outputs) {
    await exportTo(store, named.length === 0 ? [{ descriptor }] : named, output, signal);
  }
  await writeResultFiles(flags, cwd, descriptor, result);
  if (flags.quiet === true) terminal.line(result.manifestDigest);
  else for (const line of summaryLines(result, outputs, cwd)) terminal.note(line);
  return exitCodes.ok;
}

function summaryLines(
  { durationMs, layers, manifestDigest, tags }: BuildResult,
  outputs: readonly Output[],
  cwd: string,
): readonly string[] {
  return [
    `built ${manifestDigest} with ${counted(layers, 'layer')} in ${formatDuration(durationMs)}`,
    ...tags.map(reference => `named ${shownReference(reference)}`),
    ...outputs.map(({ dest }) => `wrote ${path.relative(cwd, dest) || dest}`),
  ];
}
