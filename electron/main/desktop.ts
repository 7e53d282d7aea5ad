import { app, nativeTheme, type BrowserWindow } from 'electron';
import { failureOf } from '../../shared/failure.ts';
import type { Settings } from '../../shared/ipc/app-views.ts';
import type { Backend } from '../ipc/backend.ts';
import { meaningOfDrop } from './dropped.ts';
import { createIpcTransport } from './ipc-transport.ts';
import type { LaunchRequest } from './launch-request.ts';
import { setApplicationMenu } from './menu.ts';
import { tellFailure } from './native-dialogs.ts';
import type { QuitGuard } from './quit-guard.ts';
import { openWindow } from './window.ts';

/** The app once it runs: one window at most, and what may reach it from outside. */
export interface Desktop {
  /** Opens the window, or brings it to the front. */
  show(): void;
  /** Opens the folder that a launch, a deep link or a drop named. Never starts a build. */
  follow(request: LaunchRequest): Promise<void>;
}

interface DesktopOptions {
  readonly backend: Backend;
  readonly preloadFile: string;
  readonly windowStateFile: string;
  readonly quitGuard: QuitGuard;
  /** Shares the window with the dialogs, which were made before it. */
  readonly onWindow: (window: BrowserWindow | undefined) => void;
}

export function createDesktop(options: DesktopOptions): Desktop {
  const { backend, onWindow, quitGuard } = options;
  const { handlers, events } = backend;
  let window: BrowserWindow | undefined;

  async function follow(request: LaunchRequest): Promise<void> {
    if (request.kind === 'none') return;
    if (request.typed) return await openDropped(request.dir);
    try {
      await backend.projects.open(request.dir);
    } catch (error) {
      // Who said no to the question needs no second dialog.
      const failure = failureOf(error);
      if (failure.code !== 'path-refused') await tellFailure(failure, window);
    }
  }

  const onDropped = (dropped: string): void => void openDropped(dropped);

  /** A Dockerfile stands for its folder, and is then the file that is shown; the images of an archive are loaded. */
  async function openDropped(dropped: string): Promise<void> {
    try {
      const meaning = await meaningOfDrop(dropped);
      if (meaning.kind === 'archive') {
        await backend.grants.grant(meaning.file);
        return events.emit('image.archiveWanted', { file: meaning.file });
      }
      const { dir, file } = meaning;
      await backend.grants.grant(dir);
      await backend.projects.open(dir);
      if (file !== undefined) events.emit('project.fileWanted', { file });
    } catch (error) {
      await tellFailure(failureOf(error), window);
    }
  }

  const transport = createIpcTransport({ handlers, events, onDropped });

  function show(): void {
    quitGuard.stay();
    if (window !== undefined) {
      if (window.isMinimized()) window.restore();
      return window.focus();
    }
    const { preloadFile, windowStateFile } = options;
    window = openWindow({ preloadFile, stateFile: windowStateFile, transport });
    onWindow(window);
    quitGuard.watch(window);
    window.once('closed', () => {
      window = undefined;
      onWindow(undefined);
    });
  }

  setApplicationMenu(command => {
    show();
    events.emit('app.command', { command });
  }, process.platform);
  return { show, follow };
}

/** Native menus, dialogs and scroll bars take the theme that the user chose for the page. */
export async function followTheme(backend: Backend): Promise<void> {
  const apply = ({ theme }: Settings): void => {
    nativeTheme.themeSource = theme === 'light' || theme === 'dark' ? theme : 'system';
  };
  backend.events.subscribe(message => {
    if (message.event === 'settings.changed') apply(message.payload);
  });
  const reply = await backend.handlers['settings.get']({}, new AbortController().signal);
  apply(reply);
}

/** Lets go of the store before the process ends: running builds are stopped and recorded as such. */
export function closeOnQuit(backend: Backend): void {
  let closing = false;
  app.on('will-quit', event => {
    event.preventDefault();
    if (closing) return;
    closing = true;
    void backend.close().finally(() => app.exit(0));
  });
}
