import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { channels } from '../../shared/ipc/names.ts';
import { applyTemplate, listTemplates } from '../engine/catalogue/templates.ts';
import { openState, type State } from '../engine/state/state.ts';
import type { Handlers } from './answer.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { createGrants, type Grants } from './grants.ts';
import { appHandlers } from './handlers/app.ts';
import { projectHandlers } from './handlers/project.ts';
import type { Dialogs } from './host.ts';
import { createDrafts } from './project/drafts.ts';
import { createProjects, type Projects } from './project/projects.ts';

export interface BackendOptions {
  readonly mode: 'electron' | 'serve';
  readonly storeDir: string;
  /** The folder that holds `resources` and `examples`. */
  readonly productDir: string;
  readonly version: string;
  readonly dialogs: Dialogs;
  /** Folders that may be opened without asking: from the command line, `--root`, and those opened before. */
  readonly roots: readonly string[];
}

/** All that answers requests, whatever the transport. */
export interface Backend {
  readonly handlers: Handlers;
  readonly events: EventHub;
  readonly projects: Projects;
  readonly grants: Grants;
  /** Opens what was open last; the sample at the very first start. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

/** Makes the engine's parts and hands them to the handlers. Fails as `openState` does. */
export async function createBackend(options: BackendOptions): Promise<Backend> {
  const state = openState(options.storeDir);
  const events = createEventHub();
  const grants = createGrants();
  const sampleDir = path.join(options.storeDir, 'sample-project');
  const provideSample = async (): Promise<string> => {
    await copySample(path.join(options.productDir, 'examples', 'hello-nanoserver'), sampleDir);
    return sampleDir;
  };
  const recentDirs = state.recentProjects.list().map(recent => recent.dir);
  for (const dir of [sampleDir, ...options.roots, ...recentDirs]) await grants.grant(dir);
  const memory = {
    remember: (dir: string, time: number) => state.recentProjects.remember(dir, time),
    lastTag: (projectDir: string) => lastTag(state, projectDir),
  };
  const { dialogs } = options;
  const projects = createProjects({ grants, dialogs, memory, events, sampleDir });
  const handlers: Handlers = {
    ...unwired(),
    ...appHandlers({
      info: async () => await appInfo(options),
      settings: state.settings,
      dialogs,
      grants,
      events,
    }),
    ...projectHandlers({
      projects,
      drafts: createDrafts(path.join(options.storeDir, 'state', 'drafts')),
      recent: state.recentProjects,
      templates: templatesIn(path.join(options.productDir, 'resources', 'templates')),
      provideSample,
    }),
  };
  return {
    handlers,
    events,
    projects,
    grants,
    reopen: async () => await reopen(state, projects, provideSample),
    close: async () => await state.close(),
  };
}

async function reopen(
  state: State,
  projects: Projects,
  provideSample: () => Promise<string>,
): Promise<void> {
  const [last] = state.recentProjects.list();
  if (last?.missing === true) return;
  try {
    await projects.open(last?.dir ?? (await provideSample()));
  } catch {
    // A folder that cannot be opened any more: the window shows that none is open.
  }
}

/** The sample is copied into the store, so that trying things out changes no file of the product. */
async function copySample(sourceDir: string, sampleDir: string): Promise<void> {
  if (existsSync(sampleDir)) return;
  await mkdir(path.dirname(sampleDir), { recursive: true });
  const aside = `${sampleDir}.${process.pid}.tmp`;
  try {
    await cp(sourceDir, aside, { recursive: true });
    await rename(aside, sampleDir);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function lastTag(state: State, projectDir: string): string | undefined {
  const { builds } = state.history.list({ offset: 0, limit: 20, search: projectDir });
  return builds.find(build => build.contextDir === projectDir && build.tags.length > 0)?.tags[0];
}

function templatesIn(templatesDir: string) {
  return {
    list: async (projectDir: string) => await listTemplates(templatesDir, projectDir),
    apply: async (template: string, projectDir: string) =>
      await applyTemplate(templatesDir, template, projectDir),
  };
}

async function appInfo(options: BackendOptions) {
  return {
    version: options.version,
    mode: options.mode,
    os: process.platform,
    dialogs: options.mode === 'electron',
    backends: [
      { backend: 'portable', available: true, reason: 'Builds everything but RUN, on any system.' },
      { backend: 'hcs', available: false, reason: 'Needs Windows with the containers feature.' },
    ],
    storeDir: options.storeDir,
    storeBytes: 0,
  } as const;
}

function unwired(): Handlers {
  const refuse = async (): Promise<never> => {
    throw new Error('not wired yet');
  };
  return Object.fromEntries(channels.map(channel => [channel, refuse])) as unknown as Handlers;
}
