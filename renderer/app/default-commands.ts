import type { Settings } from '../../shared/ipc/app-views.ts';
import { buildRequestOf } from '../stores/build-request.ts';
import { runningBuild } from '../stores/builds.ts';
import type { Command } from '../stores/commands.ts';
import { openProject } from '../stores/project.ts';
import type { App } from './context.tsx';
import { surfaceEntries } from './surfaces.ts';

/** The actions of the frame. The host's menu calls them by the same names. */
export function defaultCommands(app: App): readonly Command[] {
  return [
    ...projectCommands(app),
    ...beginCommands(app),
    ...buildCommands(app),
    ...surfaceCommands(app),
    ...viewCommands(app),
    ...imageCommands(app),
  ];
}

function projectCommands({ stores }: App): readonly Command[] {
  const group = 'Project';
  const project = () => stores.project.getState();
  const isOpen = () => {
    const state = project().project;
    return state.kind === 'ready' && state.value !== undefined;
  };
  return [
    {
      command: 'project.openFolder',
      title: 'Open folder…',
      group,
      keys: ['Mod+O'],
      overEditor: true,
      async run() {
        const { ask } = stores.pathQuestions.getState();
        const dir = await ask({ kind: 'openFolder', title: 'Open folder' });
        if (dir !== undefined) await project().open(dir);
      },
    },
    {
      command: 'project.openSample',
      title: 'Open the sample project',
      group,
      run: () => project().openSample(),
    },
    {
      command: 'project.close',
      title: 'Close folder',
      group,
      when: isOpen,
      run: () => project().close(),
    },
    {
      command: 'file.save',
      title: 'Save',
      group,
      keys: ['Mod+S'],
      overEditor: true,
      when: () => project().currentFile !== undefined,
      async run() {
        const { currentFile, save } = project();
        if (currentFile !== undefined) await save(currentFile);
      },
    },
    {
      command: 'file.saveAll',
      title: 'Save all files',
      group,
      keys: ['Mod+Alt+S'],
      overEditor: true,
      when: isOpen,
      run: () => project().saveAll(),
    },
  ];
}

/** Saves what is unsaved, since the engine reads files, then builds and shows the build. */
async function startBuild({ stores, navigate }: App, noCache: boolean): Promise<void> {
  const project = stores.project.getState();
  await project.saveAll();
  const { currentFile, tag, target } = stores.project.getState();
  const { settings } = stores.settings.getState();
  const { secrets } = stores.nextBuild.getState();
  const choice = { currentFile, tag, target, noCache, secrets };
  const request = buildRequestOf(openProject(project), settings, choice);
  navigate.showBuild(await stores.builds.getState().start(request));
}

function beginCommands(app: App): readonly Command[] {
  const group = 'Build';
  const { stores } = app;
  const hasProject = () => {
    const { project } = stores.project.getState();
    return project.kind === 'ready' && project.value !== undefined;
  };
  const canBuild = () => hasProject() && runningBuild(stores.builds.getState()) === undefined;
  return [
    {
      command: 'build.start',
      title: 'Build image',
      group,
      keys: ['Mod+B'],
      overEditor: true,
      when: canBuild,
      run: () => startBuild(app, false),
    },
    {
      command: 'build.startNoCache',
      title: 'Build image without the cache',
      group,
      keys: ['Mod+Shift+B'],
      overEditor: true,
      when: canBuild,
      run: () => startBuild(app, true),
    },
    {
      command: 'build.preflight',
      title: 'Pre-flight: look at the build before it begins',
      group,
      keys: ['Mod+Alt+P'],
      overEditor: true,
      when: hasProject,
      async run() {
        // What is on disk is what is built.
        await stores.project.getState().saveAll();
        stores.ui.getState().setOverlay('preflight');
      },
    },
  ];
}

function buildCommands({ navigate, stores }: App): readonly Command[] {
  const group = 'Build';
  const running = () => runningBuild(stores.builds.getState());
  return [
    {
      command: 'build.cancel',
      title: 'Cancel the running build',
      group,
      keys: ['Mod+Alt+X'],
      overEditor: true,
      when: () => running() !== undefined,
      async run() {
        const build = running();
        if (build !== undefined) await stores.builds.getState().cancel(build.buildId);
      },
    },
    {
      command: 'build.showLatest',
      title: 'Show the latest build',
      group,
      keys: ['Mod+Alt+L'],
      overEditor: true,
      when: () => stores.builds.getState().currentId !== undefined,
      run() {
        const { currentId } = stores.builds.getState();
        if (currentId !== undefined) navigate.showBuild(currentId);
      },
    },
  ];
}

function surfaceCommands({ navigate }: App): readonly Command[] {
  return surfaceEntries.map(({ surface, title }, index) => ({
    command: `view.${surface}`,
    title: `Go to ${title}`,
    group: 'Go to',
    // A browser keeps one of the two for its own tabs.
    keys: [`Mod+${index + 1}`, `Alt+${index + 1}`],
    overEditor: true,
    run: () => navigate.show(surface),
  }));
}

const themes: readonly (readonly [Settings['theme'], string])[] = [
  ['system', 'as the system'],
  ['light', 'light'],
  ['dark', 'dark'],
  ['high-contrast', 'high contrast'],
];
const smallestFont = 10;
const largestFont = 24;
const normalFont = 13;

function viewCommands({ stores }: App): readonly Command[] {
  const group = 'View';
  const change = (part: Partial<Settings>) => stores.settings.getState().change(part);
  const resize = (by: number) => {
    const size = stores.settings.getState().settings.fontSize + by;
    return change({ fontSize: Math.max(smallestFont, Math.min(size, largestFont)) });
  };
  const overlay = stores.ui.getState().setOverlay;
  return [
    {
      command: 'view.commandPalette',
      title: 'Command palette',
      group,
      keys: ['Mod+Shift+P', 'F1'],
      overEditor: true,
      run: () => overlay('palette'),
    },
    {
      command: 'help.shortcuts',
      title: 'Keyboard shortcuts',
      group,
      keys: ['Mod+/', '?'],
      run: () => overlay('shortcuts'),
    },
    {
      command: 'view.host',
      title: 'Check what this machine can do',
      group,
      run: () => overlay('host'),
    },
    { command: 'help.about', title: 'About Layerwright', group, run: () => overlay('about') },
    ...themes.map(([theme, words]) => ({
      command: `view.theme.${theme}`,
      title: `Theme: ${words}`,
      group,
      run: () => change({ theme }),
    })),
    {
      command: 'view.zoomIn',
      title: 'Larger text',
      group,
      keys: ['Mod+Alt+='],
      run: () => resize(1),
    },
    {
      command: 'view.zoomOut',
      title: 'Smaller text',
      group,
      keys: ['Mod+Alt+-'],
      run: () => resize(-1),
    },
    {
      command: 'view.zoomReset',
      title: 'Normal text size',
      group,
      keys: ['Mod+Alt+0'],
      run: () => change({ fontSize: normalFont }),
    },
  ];
}

/** Loads an archive, says what was in it, and shows the images. */
export async function loadImages(
  { api, stores, navigate }: Pick<App, 'api' | 'stores' | 'navigate'>,
  file: string,
): Promise<void> {
  const { references } = await api.request('image.load', { file });
  stores.notices.getState().tell({ tone: 'ok', message: `Loaded ${references.join(', ')}.` });
  navigate.show('images');
}

function imageCommands({ api, stores, navigate }: App): readonly Command[] {
  const group = 'Images';
  const tell = stores.notices.getState().tell;
  return [
    {
      command: 'images.load',
      title: 'Load images from a file…',
      group,
      async run() {
        const { ask } = stores.pathQuestions.getState();
        const file = await ask({ kind: 'openFile', title: 'Load images' });
        if (file === undefined) return;
        await loadImages({ api, stores, navigate }, file);
      },
    },
    {
      command: 'images.makeSamples',
      title: 'Make the sample base images',
      group,
      async run() {
        const { references } = await api.request('image.makeSamples', {});
        tell({ tone: 'ok', message: `Made ${references.length} sample base images.` });
        navigate.show('images');
      },
    },
  ];
}
