import { createHash } from 'node:crypto';
import path from 'node:path';
import { AppError } from '../../../../../shared/failure.ts';
import type { SavedFile } from '../../../../../shared/ipc/build-events.ts';
import type { Container } from '../../../hcs/host.ts';
import { containerEnv } from './container-env.ts';
import { endingOf } from './exit-code.ts';
import { prepareMounts, type PreparedMounts } from './mounts/prepare-mounts.ts';
import { findStubs, type Stubs } from './mounts/stubs.ts';
import { attachNetwork } from './network.ts';
import { createMask, type Mask } from './output/mask.ts';
import { createReleases, type Releases } from './releases.ts';
import { runProgram, type ProgramEnd } from './run-program.ts';
import type { OpenedScratch, RunContext, RunWork } from './run-work.ts';
import { networkOf } from './scratch/kept-step.ts';
import { createVolume, type Volume } from './volume.ts';
import { createInstallerLogs } from './watch/installer-logs.ts';
import { startMonitor, type Monitor } from './watch/monitor.ts';

interface Context extends RunContext {
  /** Is told of each file that was saved because the program failed. */
  readonly onSaved: (file: SavedFile) => void;
}

/** A container in which the program of a step can run. */
interface Started {
  readonly container: Container;
  readonly prepared: PreparedMounts;
  readonly mask: Mask;
}

/**
 * Runs the program in a container on `scratch`; when this settles, container, network and mounts are gone. Gives what
 * the mounts leave in the scratch. Fails with `run-failed`, `run-timeout` and as the host does.
 */
export async function runContainer(
  opened: OpenedScratch,
  work: RunWork,
  context: Context,
  signal?: AbortSignal,
): Promise<Stubs> {
  const { report } = work.place;
  const releases = createReleases((what, error) => {
    report.note(`Could not let go of ${what}: ${String(error)}`);
  });
  try {
    const started = await start(opened, work, { ...context, releases }, signal);
    const stubs = await findStubs(started.prepared, work.input.files, signal);
    await report.timed('run', async () => await runInside(started, opened, work, context, signal));
    return stubs;
  } finally {
    await report.timed('teardown', async () => await releases[Symbol.asyncDispose]());
  }
}

async function start(
  { scratch, chain, claim }: OpenedScratch,
  { step, sources, place: { report } }: RunWork,
  context: RunContext & { readonly releases: Releases },
  signal?: AbortSignal,
): Promise<Started> {
  const { host, releases, request } = context;
  const { systemId } = claim.place;
  const { prepared, namespace } = await report.timed('mount', async () => {
    const mountContext = {
      ...context,
      cachesDir: path.join(context.store.dir, 'windows', 'cache-mounts'),
      newPath: async () => await context.scratch.newPath(),
      note: (line: string) => report.note(line),
    };
    const prepared = await prepareMounts(step, sources, mountContext, signal);
    await makeLinks(prepared, scratch.volumePath);
    const network = networkOf(step.network, request.run.network);
    return {
      prepared,
      namespace: await attachNetwork(systemId, network, { ...context, report }, signal),
    };
  });
  const container = await report.timed('start', async () => {
    const { memoryBytes, cpus } = request.run;
    return await host.systems.start(
      {
        id: systemId,
        hostName: hostName(systemId),
        isolation: context.isolation,
        scratch,
        parentsNearestFirst: chain.layerDirsNearestFirst,
        mounts: prepared.mounts,
        ...(namespace === undefined ? {} : { networkNamespace: namespace }),
        ...(memoryBytes === undefined ? {} : { memoryBytes }),
        ...(cpus === undefined ? {} : { cpus }),
      },
      signal,
    );
  });
  releases.add('the container', async () => await container.terminate());
  return { container, prepared, mask: createMask(prepared.secrets) };
}

/** A NetBIOS name: at most 15 characters. */
function hostName(systemId: string): string {
  return `build-${createHash('sha256').update(systemId).digest('hex').slice(0, 8)}`;
}

async function makeLinks({ links }: PreparedMounts, volumePath: string): Promise<void> {
  const volume = createVolume(volumePath);
  for (const { parts, target } of links) {
    if (volumePath === '') {
      const problem =
        'with Hyper-V isolation only folders can be mounted. Mount its folder, or leave the target of a secret out.';
      throw new AppError({ code: 'destination-refused', path: `C:\\${parts.join('\\')}`, problem });
    }
    await volume.link(parts, target);
  }
}

async function runInside(
  { container, prepared, mask }: Started,
  opened: OpenedScratch,
  { step, input, place }: RunWork,
  context: Context,
  signal?: AbortSignal,
): Promise<void> {
  const { report, stepId } = place;
  const { volumePath } = opened.scratch;
  const volume: Volume = createVolume(volumePath);
  const sizeBefore = async (file: string): Promise<number> => {
    const entry = await input.files.find(file).catch(() => undefined);
    return entry?.kind === 'file' ? entry.size : 0;
  };
  const { codePage } = context;
  const logs = createInstallerLogs({ volume, codePage, mask, sizeBefore });
  const monitor = startMonitor({ container, volumePath, logs, report, mask });
  const spec = {
    commandLine: step.commandLine,
    workingDir: step.workingDir === '' ? 'C:\\' : step.workingDir,
    env: containerEnv(step.env, step.proxyEnv, prepared.env),
    user: step.user,
  };
  try {
    const end = await runProgram(
      container,
      spec,
      {
        codePage,
        mask,
        timeoutSeconds: context.request.run.timeoutSeconds,
        onOutput(stream, lines) {
          monitor.heard();
          report.output(stream, lines);
        },
      },
      signal,
    );
    checkEnd(end, report.note);
  } catch (error) {
    await monitor.stop();
    if (signal?.aborted !== true) await saveLogs(monitor, stepId, context);
    throw error;
  }
  await monitor.stop();
}

function checkEnd({ exitCode, lastLines }: ProgramEnd, note: (line: string) => void): void {
  const ending = endingOf(exitCode, lastLines);
  if (ending.kind === 'failure') throw new AppError(ending.failure);
  if (ending.note !== undefined) note(ending.note);
}

async function saveLogs(monitor: Monitor, stepId: string, context: Context): Promise<void> {
  const { filesDir, onSaved } = context;
  if (filesDir === undefined) return;
  // What an installer said must not hide why its step failed.
  const saved = await monitor.saveLogs(path.join(filesDir, stepId)).catch(() => []);
  for (const file of saved) onSaved(file);
}
