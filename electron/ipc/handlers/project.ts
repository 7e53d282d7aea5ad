import type { RecentProject, TemplateView, WindowsChoice } from '../../../shared/ipc/app-views.ts';
import type { HandlersFor } from '../answer.ts';
import { listContextPaths } from '../project/context-paths.ts';
import type { Drafts } from '../project/drafts.ts';
import { createProjectFiles } from '../project/project-files.ts';
import type { Projects } from '../project/projects.ts';

interface ProjectParts {
  readonly projects: Projects;
  readonly drafts: Drafts;
  readonly recent: {
    list(): readonly RecentProject[];
    forget(projectDir: string): void;
  };
  readonly templates: {
    list(projectDir: string): Promise<readonly TemplateView[]>;
    apply(template: string, projectDir: string, windows: WindowsChoice): Promise<void>;
  };
  /** Brings the sample project to the disk where it is not yet, and gives its folder. */
  readonly provideSample: () => Promise<string>;
}

type ProjectChannel =
  | 'project.current'
  | 'project.open'
  | 'project.openSample'
  | 'project.close'
  | 'project.paths'
  | 'project.recent'
  | 'project.forget'
  | 'project.templates'
  | 'project.applyTemplate'
  | FileChannel;
type FileChannel = 'file.read' | 'file.write' | 'file.saveDraft' | 'file.discardDraft';

/** The open folder, and the folders that were open before. */
export function projectHandlers(parts: ProjectParts): HandlersFor<ProjectChannel> {
  const { projects, recent, templates } = parts;
  return {
    'project.current': async () => {
      const project = await projects.current();
      return project === undefined ? {} : { project };
    },
    'project.open': async ({ dir }) => await projects.open(dir),
    'project.openSample': async () => await projects.open(await parts.provideSample()),
    'project.close': async () => {
      projects.close();
      return null;
    },
    'project.paths': async (query, signal) =>
      await listContextPaths(projects.requireDir(), query, signal),
    'project.recent': async () => recent.list(),
    'project.forget': async ({ dir }) => {
      recent.forget(dir);
      return null;
    },
    'project.templates': async () => await templates.list(projects.requireDir()),
    'project.applyTemplate': async ({ template, windows }) => {
      const dir = projects.requireDir();
      await templates.apply(template, dir, windows);
      return await projects.open(dir);
    },
    ...fileHandlers(parts),
  };
}

/** The Dockerfiles of the open folder, and text that was not saved. */
function fileHandlers({ projects, drafts }: ProjectParts): HandlersFor<FileChannel> {
  return {
    'file.read': async ({ file }) => {
      const dir = projects.requireDir();
      const content = await createProjectFiles(dir).read(file);
      const draft = await drafts.read(dir, file);
      const differs = draft !== undefined && draft !== content.text;
      return { file, ...content, ...(differs ? { draft } : {}) };
    },
    'file.write': async ({ file, text, version }) => {
      const dir = projects.requireDir();
      const written = await createProjectFiles(dir).write(file, text, version);
      await drafts.discard(dir, file);
      return { version: written };
    },
    'file.saveDraft': async ({ file, text }) => {
      await drafts.save(projects.requireDir(), file, text);
      return null;
    },
    'file.discardDraft': async ({ file }) => {
      await drafts.discard(projects.requireDir(), file);
      return null;
    },
  };
}
