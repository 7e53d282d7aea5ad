import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import type { ProjectView } from '../../../shared/ipc/app-views.ts';
import type { EventSink } from '../event-hub.ts';
import type { Grants } from '../grants.ts';
import type { Dialogs } from '../host.ts';
import { listEditableFiles } from './editable-files.ts';
import { naming } from './file-failures.ts';

/** What is remembered between sessions. */
export interface ProjectMemory {
  remember(projectDir: string, time: number): void;
  /** The reference that the last build of this folder tagged. */
  lastTag(projectDir: string): string | undefined;
}

/** The one folder that is open. Opening it is what gives access to it. */
export interface Projects {
  current(): Promise<ProjectView | undefined>;
  /** Throws `no-project` where none is open. */
  requireDir(): string;
  /** Asks first where the folder was never opened. Throws `path-refused` where that is denied. */
  open(projectDir: string): Promise<ProjectView>;
  close(): void;
}

export interface ProjectsOptions {
  readonly grants: Grants;
  readonly dialogs: Dialogs;
  readonly memory: ProjectMemory;
  readonly events: EventSink;
  readonly sampleDir: string;
}

export function createProjects(options: ProjectsOptions): Projects {
  const { memory, events } = options;
  let openDir: string | undefined;

  async function viewOf(dir: string): Promise<ProjectView> {
    const files = await naming('open', dir, async () => await listEditableFiles(dir));
    const name = path.basename(dir) || dir;
    const suggestedTag = memory.lastTag(dir) ?? referenceFrom(name);
    return { dir, name, files, suggestedTag, sample: dir === options.sampleDir };
  }

  async function open(projectDir: string): Promise<ProjectView> {
    const dir = path.resolve(projectDir);
    await allow(options, dir);
    const isFolder = await naming('open', dir, async () => (await stat(dir)).isDirectory());
    if (!isFolder) throw new AppError({ code: 'not-a-folder', path: dir });
    const project = await viewOf(dir);
    openDir = dir;
    memory.remember(dir, Date.now());
    events.emit('project.changed', { project });
    return project;
  }

  return {
    open,
    current: async () => (openDir === undefined ? undefined : await viewOf(openDir)),
    requireDir() {
      if (openDir === undefined) throw new AppError({ code: 'no-project' });
      return openDir;
    },
    close() {
      openDir = undefined;
      events.emit('project.changed', {});
    },
  };
}

async function allow({ grants, dialogs }: ProjectsOptions, dir: string): Promise<void> {
  if (await grants.allows(dir)) return;
  // Says which folders are allowed, where nobody can be asked.
  if (!(await dialogs.confirmFolder(dir))) await grants.check(dir);
  await grants.grant(dir);
}

/** A repository name after distribution-spec's grammar: lower case, separators only inside. */
function referenceFrom(folderName: string): string {
  const name = folderName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${name === '' ? 'image' : name}:latest`;
}
