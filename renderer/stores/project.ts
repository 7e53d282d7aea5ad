import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ProjectView, RecentProject, WindowsChoice } from '../../shared/ipc/app-views.ts';
import { AppError, failureOf, type Failure } from '../../shared/failure.ts';
import type { Api } from '../api/api.ts';
import { loading, settled, type Loadable } from './loadable.ts';
import {
  edited,
  openedFile,
  reread,
  textOf,
  written,
  type OpenFile,
  type Problems,
} from './files.ts';

export interface Project {
  /** `ready` without a project: none is open. */
  readonly project: Loadable<ProjectView | undefined>;
  readonly recent: Loadable<readonly RecentProject[]>;
  readonly files: ReadonlyMap<string, Loadable<OpenFile>>;
  /** The file in the editor. */
  readonly currentFile?: string | undefined;
  readonly problems: ReadonlyMap<string, Problems>;
  /** A file that could not be saved, because another program changed it: someone has to choose. */
  readonly conflict?: string | undefined;
  /** Why unsaved text could not be kept against a crash, as long as that is so. */
  readonly draftFailure?: Failure | undefined;
  /** The image reference that Build tags. */
  readonly tag: string;
  /** The stage to stop at; absent for the last one. */
  readonly target?: string | undefined;
  readonly load: () => Promise<void>;
  readonly loadRecent: () => Promise<void>;
  /** These four throw what the host answered. */
  readonly open: (dir: string) => Promise<void>;
  readonly openSample: () => Promise<void>;
  readonly close: () => Promise<void>;
  readonly applyTemplate: (template: string, windows: WindowsChoice) => Promise<void>;
  readonly forget: (dir: string) => Promise<void>;
  readonly openFile: (file: string) => Promise<void>;
  /** Takes what was typed; it is kept against a crash within half a second. */
  readonly edit: (file: string, text: string) => void;
  /** Writes the draft to disk. Throws what the host answered; a file that changed meanwhile is a `conflict`, and `cancelled`. */
  readonly save: (file: string) => Promise<void>;
  readonly saveAll: () => Promise<void>;
  /** Throws the draft away and shows what is on disk. */
  readonly revert: (file: string) => Promise<void>;
  /** Ends the conflict: writes the draft over what is on disk, shows what is on disk, or does neither. */
  readonly resolveConflict: (keep: 'draft' | 'disk' | 'both') => Promise<void>;
  readonly setProblems: (file: string, problems: Problems) => void;
  readonly setTag: (tag: string) => void;
  readonly setTarget: (target: string | undefined) => void;
  /** Hands over the drafts that still wait; for when the window goes away. */
  readonly keepDrafts: () => void;
}

const draftPauseMs = 400;

type Set = (part: Partial<Project>) => void;
type Get = () => Project;
type Show = (project: ProjectView | undefined) => void;

/** The folder that is open, and its files as they are being edited. */
export function createProject(api: Api): StoreApi<Project> {
  return createStore<Project>()((set, get) => {
    const show = followProject(api, set, get);
    return {
      project: loading,
      recent: loading,
      files: new Map(),
      problems: new Map(),
      tag: '',
      ...projectActions(api, show, { set, get }),
      ...fileActions(api, set, get),
      setTag: tag => set({ tag }),
      setTarget: target => set({ target }),
    };
  });
}

/** Follows what the host says of the project. Gives the function that shows another one. */
function followProject(api: Api, set: Set, get: Get): Show {
  function show(project: ProjectView | undefined): void {
    const before = get().project;
    const same = before.kind === 'ready' && before.value?.dir === project?.dir;
    set({ project: { kind: 'ready', value: project } });
    if (same) return void rereadFiles();
    const [currentFile] = project?.files ?? [];
    set({
      files: new Map(),
      problems: new Map(),
      currentFile,
      target: undefined,
      tag: project?.suggestedTag ?? '',
    });
    if (currentFile !== undefined) void get().openFile(currentFile);
  }

  async function rereadFiles(): Promise<void> {
    for (const [file, loaded] of get().files) {
      if (loaded.kind === 'failed' && file === get().currentFile) await get().openFile(file);
      if (loaded.kind !== 'ready') continue;
      const read = await settled(api.request('file.read', { file }));
      const current = get().files.get(file);
      if (read.kind === 'ready' && current?.kind === 'ready') {
        putFile(set, get, reread(current.value, read.value));
      }
    }
  }

  api.on('project.changed', ({ project }) => show(project));
  api.onConnection(connection => connection === 'connected' && void get().load());
  return show;
}

function projectActions(
  api: Api,
  show: Show,
  { set, get }: { readonly set: Set; readonly get: Get },
) {
  return {
    async load() {
      const answer = await settled(api.request('project.current', {}));
      if (answer.kind === 'ready') show(answer.value.project);
      else set({ project: answer });
    },
    async loadRecent() {
      set({ recent: await settled(api.request('project.recent', {})) });
    },
    async open(dir: string) {
      get().keepDrafts();
      show(await api.request('project.open', { dir }));
    },
    async openSample() {
      get().keepDrafts();
      show(await api.request('project.openSample', {}));
    },
    async close() {
      get().keepDrafts();
      await api.request('project.close', {});
      show(undefined);
    },
    async applyTemplate(template: string, windows: WindowsChoice) {
      const project = await api.request('project.applyTemplate', { template, windows });
      show(project);
      const [file] = project.files;
      if (file !== undefined) await get().openFile(file);
    },
    async forget(dir: string) {
      await api.request('project.forget', { dir });
      await get().loadRecent();
    },
  };
}

function putFile(set: Set, get: Get, file: OpenFile): void {
  set({ files: new Map(get().files).set(file.file, { kind: 'ready', value: file }) });
}

function readyFile(get: Get, file: string): OpenFile | undefined {
  const loaded = get().files.get(file);
  return loaded?.kind === 'ready' ? loaded.value : undefined;
}

/** Hands drafts to the host a moment after the last key. */
function draftKeeper(api: Api, set: Set, get: Get) {
  const waiting = new Map<string, ReturnType<typeof setTimeout>>();

  function keep(file: string): void {
    clearTimeout(waiting.get(file));
    waiting.delete(file);
    const open = readyFile(get, file);
    if (open === undefined) return;
    void settled(
      open.draft === undefined
        ? api.request('file.discardDraft', { file })
        : api.request('file.saveDraft', { file, text: open.draft }),
    ).then(kept => {
      // A draft is a second net: when it cannot be kept, the text is still in the window.
      const draftFailure = kept.kind === 'failed' ? kept.failure : undefined;
      if (draftFailure?.code !== get().draftFailure?.code) set({ draftFailure });
    });
  }

  function keepSoon(file: string): void {
    clearTimeout(waiting.get(file));
    waiting.set(
      file,
      setTimeout(() => keep(file), draftPauseMs),
    );
  }

  return {
    keep,
    keepSoon,
    keepAll: () => {
      for (const file of waiting.keys()) keep(file);
    },
  };
}

function fileActions(api: Api, set: Set, get: Get) {
  const drafts = draftKeeper(api, set, get);
  return {
    async openFile(file: string) {
      set({ currentFile: file });
      if (readyFile(get, file) !== undefined) return;
      set({ files: new Map(get().files).set(file, loading) });
      const dir = openDir(get);
      const read = await settled(api.request('file.read', { file }));
      if (openDir(get) !== dir) return;
      const loaded: Loadable<OpenFile> =
        read.kind === 'ready' ? { kind: 'ready', value: openedFile(read.value) } : read;
      set({ files: new Map(get().files).set(file, loaded) });
    },
    edit(file: string, text: string) {
      const open = readyFile(get, file);
      if (open === undefined || textOf(open) === text) return;
      putFile(set, get, edited(open, text));
      drafts.keepSoon(file);
    },
    ...savingActions(api, drafts.keep, { set, get }),
    setProblems(file: string, problems: Problems) {
      set({ problems: new Map(get().problems).set(file, problems) });
    },
    keepDrafts: drafts.keepAll,
  };
}

function savingActions(
  api: Api,
  keepDraft: (file: string) => void,
  { set, get }: { readonly set: Set; readonly get: Get },
) {
  async function write(file: string, text: string, version: string) {
    try {
      return await api.request('file.write', { file, text, version });
    } catch (error) {
      if (failureOf(error).code !== 'file-changed') throw error;
      set({ conflict: file });
      throw new AppError({ code: 'cancelled' }, { cause: error });
    }
  }

  async function overwrite(file: string): Promise<void> {
    const open = readyFile(get, file);
    const { version } = await api.request('file.read', { file });
    if (open !== undefined) putFile(set, get, { ...open, version });
    await save(file);
  }

  async function revert(file: string): Promise<void> {
    const read = await api.request('file.read', { file });
    putFile(set, get, openedFile({ file: read.file, text: read.text, version: read.version }));
    keepDraft(file);
  }

  async function save(file: string): Promise<void> {
    const open = readyFile(get, file);
    if (open?.draft === undefined) return;
    const text = textOf(open);
    const { version } = await write(file, text, open.version);
    const current = readyFile(get, file);
    if (current !== undefined) putFile(set, get, written(current, text, version));
    keepDraft(file);
  }

  return {
    save,
    async saveAll() {
      for (const file of get().files.keys()) await save(file);
    },
    revert,
    async resolveConflict(keep: 'draft' | 'disk' | 'both') {
      const { conflict } = get();
      set({ conflict: undefined });
      if (conflict === undefined || keep === 'both') return;
      await (keep === 'draft' ? overwrite(conflict) : revert(conflict));
    },
  };
}

function openDir(get: Get): string | undefined {
  const { project } = get();
  return project.kind === 'ready' ? project.value?.dir : undefined;
}

/** The open project. Throws `no-project` where there is none. */
export function openProject(state: Project): ProjectView {
  const { project } = state;
  if (project.kind === 'ready' && project.value !== undefined) return project.value;
  throw new AppError({ code: 'no-project' });
}
