import { arch } from 'node:os';
import { AppError } from '../../shared/failure.ts';
import type { BackendChoice, BuildEvent, BuildEventBody } from '../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../shared/ipc/build-request.ts';
import type { BuildPlanView } from '../../shared/ipc/build-views.ts';
import type { PreflightView } from '../../shared/ipc/preflight-views.ts';
import type { Platform } from '../../shared/oci/descriptor.ts';
import type { Host } from '../../shared/windows/host-compatibility.ts';
import { storedBaseImages } from '../engine/build/base-image.ts';
import { preflight } from '../engine/build/preflight/preflight.ts';
import { plannedStages, readPlan } from '../engine/build/plan.ts';
import { plannedSecrets } from '../engine/build/planned-secrets.ts';
import { chooseBackend, type Job } from '../engine/build/backends/choose-backend.ts';
import type { HcsSupport } from '../engine/build/backends/hcs/support.ts';
import { hcsOfThisMachine } from '../engine/build/backends/hcs/this-machine.ts';
import type { Rights } from '../engine/hcs/capabilities/capabilities.ts';
import { runBuild } from '../engine/build/run-build.ts';
import type { Store } from '../engine/content/store.ts';
import type { ArtifactPlace } from '../engine/image/artifact-place.ts';
import { sampleRegistry, withSamples } from '../engine/sample/with-samples.ts';
import { createBuildManager, type BuildManager } from '../engine/state/build-manager.ts';
import type { State } from '../engine/state/state.ts';
import { pullingBaseImages } from '../engine/transfer/pulling-base-images.ts';
import type { Transfers } from '../engine/transfer/transfers.ts';
import type { EventSink } from './event-hub.ts';
import type { HostLook } from './host-look.ts';
import type { Connections } from './registries/connections.ts';

/** The platform of this machine as image configs write it (GOARCH). */
const buildPlatform: Platform = {
  os: 'windows',
  architecture: arch() === 'x64' ? 'amd64' : arch(),
};

interface BuildParts {
  readonly store: Store;
  readonly state: State;
  readonly host: Host;
  readonly events: EventSink;
  readonly connections: Connections;
}

/** Runs builds in the store, records them, and tells the windows what happens. */
export function createBuilds({
  connections,
  events,
  host,
  state,
  store,
}: BuildParts): BuildManager {
  const stored = withSamples(storedBaseImages(store), store, () =>
    events.emit('images.changed', null),
  );
  const transfers: Pick<Transfers, 'pull'> = {
    pull: async (reference, options) =>
      await connections.use(
        async connection => await connection.transfers.pull(reference, options),
      ),
  };
  return createBuildManager(state, async ({ buildId, request, emit, signal }) => {
    const hcs = await hcsOfThisMachine(store, host);
    return await runBuild(
      request,
      {
        store,
        ...(hcs ? { hcs } : {}),
        filesDir: state.filesDir(buildId),
        baseImages: pullingBaseImages(stored, {
          store,
          transfers,
          policy: request.pull,
          isLocal: registry => registry === sampleRegistry,
        }),
        host,
        registryArtifact: reference => artifactOver(connections, reference),
        buildPlatform,
        environment: process.env,
        buildId,
        onEvent: event => emit(bodyOf(event)),
      },
      signal,
    );
  });
}

/** Each use takes the connection that is current then. */
function artifactOver(connections: Connections, reference: string): ArtifactPlace {
  const use = async <T>(work: (place: ArtifactPlace) => Promise<T>): Promise<T> =>
    await connections.use(async ({ transfers }) => await work(transfers.artifact(reference)));
  return {
    manifest: async signal => await use(place => place.manifest(signal)),
    document: async (blob, signal) => await use(place => place.document(blob, signal)),
    fetch: async (blob, onProgress, signal) =>
      await use(place => place.fetch(blob, onProgress, signal)),
    write: async (artifact, signal) => await use(place => place.write(artifact, signal)),
  };
}

/** The manager numbers events over the whole record of a build. */
function bodyOf({ seq: _seq, time: _time, ...body }: BuildEvent): BuildEventBody {
  return body;
}

/** Passes on what builds tell. Output lines stay in the log: the windows learn only that it has grown. */
export function tellBuilds(builds: BuildManager, state: State, events: EventSink): void {
  builds.subscribe((buildId, event) => {
    if (event.kind === 'step-output') {
      const total = state.live.get(buildId)?.summary.logLines;
      if (total !== undefined) events.emit('build.logGrew', { buildId, total });
      return;
    }
    events.emit('build.events', { buildId, events: [event] });
    if (event.kind === 'build-started') events.emit('builds.changed', null);
    if (event.kind === 'build-finished') events.emit('images.changed', null);
    if (event.kind === 'build-finished' || event.kind === 'build-failed') {
      events.emit('builds.changed', null);
    }
  });
}

/** Where somebody looks before a build, and with whose rights it would be done. */
type Looked = Pick<BuildParts, 'host' | 'store'> & { readonly rights: Rights };

/**
 * Whether the hcs backend would build this, or without a request run a container, if it had the rights that Windows
 * gives when it has asked.
 */
export async function needsElevation(
  request: BuildRequest | undefined,
  look: Pick<HostLook, 'hcs'>,
): Promise<boolean> {
  const own = await look.hcs('own');
  if (!own || own.problems().length === 0) return false;
  const asked = await look.hcs('asked');
  if (!request) return asked?.problems().length === 0;
  const plan = await readPlan(request, { buildPlatform });
  const job = { wanted: request.backend, file: plan.file, stages: plan.stages.stages };
  return whichBackend(job, asked)?.backend === 'hcs';
}

/** What is known of a build before a byte is fetched: nothing is pulled, and nothing written to the store. */
export async function preflightView(
  request: BuildRequest,
  { host, store, rights }: Looked,
  signal: AbortSignal,
): Promise<PreflightView> {
  const hcs = await hcsOfThisMachine(store, host, rights);
  const deps = {
    host,
    ...(hcs ? { hcs } : {}),
    buildPlatform,
    baseImages: storedBaseImages(store),
    blobs: store.blobs,
    storeDir: store.dir,
    isSample: (registry: string) => registry === sampleRegistry,
    today: new Date().toISOString().slice(0, 10),
  };
  return await preflight(request, deps, signal);
}

/** What a build would do and with which backend, and what is wrong with its Dockerfile. Nothing is fetched or built. */
export async function planView(
  request: BuildRequest,
  hcs: HcsSupport | undefined,
): Promise<BuildPlanView> {
  const plan = await readPlan(request, { buildPlatform });
  const { stages } = plan.stages;
  const job = { wanted: request.backend, file: plan.file, stages };
  const choice = whichBackend(job, hcs);
  return {
    stages: plannedStages(plan.stages),
    ...(choice ? { choice } : {}),
    secrets: plannedSecrets(stages),
    findings: plan.findings.map(({ severity, range, rule, message }) => ({
      severity,
      range,
      rule,
      message,
    })),
  };
}

/** Undefined where none can: pre-flight says why. */
function whichBackend(job: Job, hcs: HcsSupport | undefined): BackendChoice | undefined {
  try {
    return chooseBackend(job, hcs);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
