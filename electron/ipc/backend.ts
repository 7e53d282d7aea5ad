import path from 'node:path';
import { AppError } from '../../shared/failure.ts';
import type { AppInfo, WindowsChoice } from '../../shared/ipc/app-views.ts';
import { createKeptSteps } from '../engine/build/backends/hcs/debug/kept-steps.ts';
import { hcsOfThisMachine } from '../engine/build/backends/hcs/this-machine.ts';
import { thisHost } from '../engine/catalogue/host.ts';
import { listTemplates, renderFor, writeTemplate } from '../engine/catalogue/templates.ts';
import { openStore, type Store } from '../engine/content/store.ts';
import { createLayerContents, type LayerContents } from '../engine/layer/layer-contents.ts';
import { createLayerIndexes, type LayerIndexes } from '../engine/layer/layer-indexes.ts';
import { writeSampleImages } from '../engine/sample/write-samples.ts';
import { createBuildArchive, type BuildArchive } from '../engine/state/build-archive.ts';
import type { BuildManager } from '../engine/state/build-manager.ts';
import { openState, type State } from '../engine/state/state.ts';
import type { Handlers } from './answer.ts';
import { appInfo } from './app-info.ts';
import { createBuilds, needsElevation, planView, preflightView, tellBuilds } from './builds.ts';
import { createBuildsAnywhere, type Rightful } from './builds-anywhere.ts';
import { createElevatedBuilds, type Elevation } from './elevated-builds.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { createGrants, type Grants } from './grants.ts';
import { appHandlers } from './handlers/app.ts';
import { baseHandlers } from './handlers/base.ts';
import { buildHandlers, checkPaths } from './handlers/build.ts';
import { historyHandlers } from './handlers/history.ts';
import { imageHandlers } from './handlers/image.ts';
import { inspectHandlers } from './handlers/inspect.ts';
import { keptElevated } from './handlers/kept-elevated.ts';
import { keptHandlers, type KeptHandlers } from './handlers/kept.ts';
import { layerHandlers } from './handlers/layer.ts';
import { pipelineHandlers } from './handlers/pipeline.ts';
import { projectHandlers } from './handlers/project.ts';
import { registryHandlers } from './handlers/registry.ts';
import { storageHandlers } from './handlers/storage.ts';
import { transferHandlers } from './handlers/transfer.ts';
import type { Dialogs } from './host.ts';
import { createHostLook, type HostLook } from './host-look.ts';
import { createChains } from './images/chains.ts';
import { createInspections, type Inspections } from './images/inspections.ts';
import { noUpdates, updateHandlers, type Updates } from './handlers/update.ts';
import { createPipelines } from './pipelines.ts';
import { createDrafts } from './project/drafts.ts';
import { createProjects, type Projects } from './project/projects.ts';
import { copySample } from './project/sample-project.ts';
import { startAutoCleanup, type AutoCleanup } from './storage/auto-cleanup.ts';
import { createRegistries, type Keychain, type Registries } from './registries/registries.ts';

export interface BackendOptions {
  readonly mode: AppInfo['mode'];
  readonly storeDir: string;
  /** The folder that holds `resources` and `examples`. */
  readonly productDir: string;
  readonly version: string;
  readonly dialogs: Dialogs;
  /** Folders that may be opened without asking, besides those that were opened before. */
  readonly roots: readonly string[];
  /** Keeps sign-ins to registries; without one only Docker's credential helpers do. */
  readonly keychain?: Keychain | undefined;
  /** Updates of the app itself; absent where it was not installed. */
  readonly updates?: Updates;
  /** How builds get rights that this process lacks; absent where nobody can be asked. */
  readonly elevate?: Elevation['start'];
  /** Decides in place of what this machine is, for tests. */
  readonly needsElevation?: Elevation['isNeeded'];
}

/** All that answers requests, whatever the transport. */
export interface Backend {
  readonly handlers: Handlers;
  readonly events: EventHub;
  readonly projects: Projects;
  readonly grants: Grants;
  /** The builds of this process that run now. */
  readonly running: {
    count(): number;
    /** Waits until none runs. */
    idle(): Promise<void>;
  };
  /** Opens what was open last; the sample at the very first start. */
  reopen(): Promise<void>;
  /** Stops running builds and lets go of the store. */
  close(): Promise<void>;
}

/** The parts that all handlers are made of. */
interface Parts {
  readonly options: BackendOptions;
  readonly store: Store;
  readonly state: State;
  readonly events: EventHub;
  readonly grants: Grants;
  readonly projects: Projects;
  readonly builds: BuildManager;
  readonly kept: KeptHandlers;
  /** Absent where this process cannot get more rights than it has. */
  readonly elevated: Rightful | undefined;
  readonly look: HostLook;
  readonly indexes: LayerIndexes;
  readonly contents: LayerContents;
  readonly inspections: Inspections;
  readonly registries: Registries;
  readonly cleanup: AutoCleanup;
  readonly sampleDir: string;
}

const host = thisHost();

/** Makes the engine's parts and hands them to the handlers. Fails as `openStore` and `openState` do. */
export async function createBackend(options: BackendOptions): Promise<Backend> {
  const parts = await createParts(options);
  const { store, state, events, projects, grants, builds, elevated } = parts;
  tellBuilds(builds, state, events);
  return {
    handlers: createHandlers(parts),
    events,
    projects,
    grants,
    running: {
      count: () => state.live.size + (elevated?.builds.count() ?? 0),
      async idle() {
        while (state.live.size > 0) await Promise.all([...state.live.values()].map(b => b.settled));
        await elevated?.builds.idle();
      },
    },
    reopen: async () => await reopen(parts),
    async close() {
      await parts.cleanup.close();
      await elevated?.builds.close();
      await builds.close();
      await parts.kept[Symbol.asyncDispose]();
      await parts.registries[Symbol.asyncDispose]();
      await state.close();
      await parts.inspections[Symbol.asyncDispose]();
      await parts.contents[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}

async function createParts(options: BackendOptions): Promise<Parts> {
  const { storeDir, dialogs } = options;
  const { store, state } = await openParts(storeDir);
  const events = createEventHub();
  const grants = createGrants();
  const sampleDir = path.join(storeDir, 'sample-project');
  const recentDirs = state.recentProjects.list().map(recent => recent.dir);
  for (const dir of [sampleDir, ...options.roots, ...recentDirs]) await grants.grant(dir);
  const memory = {
    remember: (dir: string, time: number) => state.recentProjects.remember(dir, time),
    lastTag: (dir: string) => lastTag(state, dir),
  };
  const projects = createProjects({ grants, dialogs, memory, events, sampleDir });
  const indexes = createLayerIndexes(storeDir, store.blobs);
  const { keychain } = options;
  const registries = createRegistries({ storeDir, store, indexes, host, events, keychain });
  const builds = createBuilds({ store, state, host, events, connections: registries.connections });
  const contents = createLayerContents({
    blobs: store.blobs,
    storeDir,
    newScratchPath: () => store.newScratchPath(),
  });
  const newScratchPath = () => store.newScratchPath();
  const access = { indexes, contents, newScratchPath };
  const inspections = createInspections({ store, state, access, events });
  const made = { store, state, events, grants, projects, builds, indexes, contents, inspections };
  const cleanup = startAutoCleanup({
    parts: { store, state },
    settings: async () => await state.settings.get(),
    onCleaned: () => events.emit('storage.changed', null),
  });
  const look = createHostLook({ store, host });
  const elevated = elevatedOf(options, look, events);
  const ownKept = keptHandlers({
    kept: createKeptSteps(store, async () => await hcsOfThisMachine(store, host)),
    filesDir: buildId => state.filesDir(buildId),
    events,
  });
  const kept = elevated ? keptElevated(ownKept, elevated) : ownKept;
  return { ...made, elevated, kept, look, registries, cleanup, options, sampleDir };
}

function elevatedOf(
  { elevate, needsElevation: decide }: BackendOptions,
  look: HostLook,
  events: EventHub,
): Rightful | undefined {
  if (!elevate) return undefined;
  const isNeeded = decide ?? (async request => await needsElevation(request, look));
  return { builds: createElevatedBuilds(elevate, events), isNeeded };
}

/** A store that somebody keeps locked for longer is said to be in use, lest the app never appear. */
const storePatienceMs = 5000;

async function openParts(storeDir: string): Promise<Pick<Parts, 'store' | 'state'>> {
  const patience = AbortSignal.timeout(storePatienceMs);
  const store = await openStore(storeDir, patience).catch((error: unknown) => {
    throw patience.aborted ? new AppError({ code: 'store-busy', path: storeDir }) : error;
  });
  try {
    return { store, state: openState(storeDir) };
  } catch (error) {
    await store[Symbol.asyncDispose]();
    throw error;
  }
}

function createHandlers(parts: Parts): Handlers {
  const { options, store, state, events, grants, look, projects, indexes, contents } = parts;
  const { productDir, storeDir, dialogs, mode, version } = options;
  const resourcesDir = path.join(productDir, 'resources');
  const chains = createChains({ store, indexes, contents, events });
  return {
    ...appHandlers({
      info: async () => {
        const hcs = await look.hcs(rightsOf(options));
        return await appInfo({ mode, version, store, host, hcs });
      },
      capabilities: async () => await look.capabilities(),
      lastBuilds: () => state.history.list({ offset: 0, limit: 10 }).builds,
      settings: state.settings,
      dialogs,
      grants,
      events,
    }),
    ...projectHandlers({
      projects,
      drafts: createDrafts(path.join(storeDir, 'state', 'drafts')),
      recent: state.recentProjects,
      templates: templatesIn(path.join(resourcesDir, 'templates')),
      provideSample: async () => await provideSample(parts),
    }),
    ...buildingHandlers(parts, createBuildArchive(state)),
    ...storageHandlers({
      store,
      state,
      events,
      connections: parts.registries.connections,
      cleanup: parts.cleanup,
    }),
    ...imageHandlers({ store, state, indexes, grants, events }),
    ...registryHandlers(parts.registries.parts),
    ...transferHandlers({
      connections: parts.registries.connections,
      manager: parts.registries.transfers,
      host,
      onPushed: () => parts.registries.forgetLists(),
      grants,
      events,
    }),
    ...layerHandlers({ chains, grants, events }),
    ...inspectHandlers(parts.inspections),
    ...updateHandlers(options.updates ?? noUpdates('not-installed'), events),
    ...baseHandlers({
      catalogueFile: path.join(resourcesDir, 'base-catalogue.json'),
      source: store,
      host,
    }),
  };
}

/** Where somebody can be asked for rights, builds have them. */
function rightsOf({ elevate }: BackendOptions): 'own' | 'asked' {
  return elevate ? 'asked' : 'own';
}

/** Builds, alone and in pipelines, and what is known of them before and after. */
function buildingHandlers(
  { builds: own, elevated, events, grants, kept, look, options, projects, store }: Parts,
  archive: BuildArchive,
) {
  const rights = rightsOf(options);
  const builds = createBuildsAnywhere({
    builds: own,
    ...(elevated ? { elevated } : {}),
    summaryOf: buildId => archive.get(buildId).summary,
  });
  return {
    ...buildHandlers({
      plan: async request => await planView(request, await look.hcs(rights)),
      preflight: async (request, signal) =>
        await preflightView(request, { host, store, rights }, signal),
      builds,
      archive,
      grants,
      events,
    }),
    ...pipelineHandlers({
      projects,
      pipelines: createPipelines({
        builds,
        events,
        checkPaths: async request => await checkPaths(request, grants),
      }),
    }),
    ...historyHandlers(archive, events),
    ...kept,
  };
}

/** The sample project, and the base images that it builds on: it can be built at once. */
async function provideSample(parts: Parts): Promise<string> {
  const { options, sampleDir, store, events, indexes } = parts;
  await copySample(path.join(options.productDir, 'examples', 'hello-nanoserver'), sampleDir);
  const made = await writeSampleImages(store, { indexes });
  if (made.length > 0) events.emit('images.changed', null);
  return sampleDir;
}

async function reopen(parts: Parts): Promise<void> {
  const [last] = parts.state.recentProjects.list();
  if (last?.missing === true) return;
  try {
    await parts.projects.open(last?.dir ?? (await provideSample(parts)));
  } catch {
    // A folder that cannot be opened any more: the window shows that none is open.
  }
}

function lastTag(state: State, projectDir: string): string | undefined {
  const { builds } = state.history.list({ offset: 0, limit: 20, search: projectDir });
  return builds.find(build => build.contextDir === projectDir && build.tags.length > 0)?.tags[0];
}

function templatesIn(templatesDir: string) {
  return {
    list: async (projectDir: string) => await listTemplates(templatesDir, projectDir),
    async apply(template: string, projectDir: string, windows: WindowsChoice) {
      await writeTemplate(await renderFor(templatesDir, template, projectDir, windows), projectDir);
    },
  };
}
