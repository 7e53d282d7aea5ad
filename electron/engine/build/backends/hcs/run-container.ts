import { createHash } from 'node:crypto';
import path from 'node:path';
import { AppError } from '../../../../../shared/failure.ts';
import { containerPath } from '../../../../../shared/windows/windows-path.ts';
import { prepareMounts, type PreparedMounts } from './mounts/prepare-mounts.ts';
import { findStubs, type Stubs } from './mounts/stubs.ts';
import { attachNetwork } from './network.ts';
import { createMask } from './output/mask.ts';
import { createReleases, tellIn, type Releases } from './releases.ts';
import { runInside, type SavingContext, type Started } from './run-inside.ts';
import type { OpenedScratch, RunContext, RunWork } from './run-work.ts';
import { networkOf } from './scratch/kept-step.ts';
import { createVolume } from './volume.ts';

/**
 * Runs the program in a container on `scratch`; when this settles, container, network and mounts are gone. Gives what
 * the mounts leave in the scratch. Fails with `run-failed`, `run-timeout` and as the host does.
 */
export async function runContainer(
  opened: OpenedScratch,
  work: RunWork,
  context: SavingContext,
  signal?: AbortSignal,
): Promise<Stubs> {
  const { report } = work.place;
  const releases = createReleases(tellIn(report));
  try {
    const started = await start(opened, work, { ...context, releases }, signal);
    const stubs = await findStubs(started.prepared, work.input.files, signal);
    await report.timed('run', async () => await runInside(started, work, context, signal));
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
  const { volumePath } = scratch;
  return { container, prepared, volumePath, mask: createMask(prepared.secrets) };
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
      throw new AppError({ code: 'destination-refused', path: containerPath(parts), problem });
    }
    await volume.link(parts, target);
  }
}
