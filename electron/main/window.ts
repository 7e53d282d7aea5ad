import path from 'node:path';
import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron';
import { crashUrl, startUrl } from './app-protocol.ts';
import type { IpcTransport } from './ipc-transport.ts';
import { createCrashBreaker } from './crash-breaker.ts';
import { fittingBounds, keepWindowState, readWindowState, smallest } from './window-state.ts';

export interface WindowOptions {
  readonly preloadFile: string;
  /** Where the window's place is kept. */
  readonly stateFile: string;
  readonly transport: IpcTransport;
}

/** Opens the window on the renderer bundle, with nothing of Node or Electron in reach of the page. */
export function openWindow({ preloadFile, stateFile, transport }: WindowOptions): BrowserWindow {
  const state = readWindowState(stateFile);
  const workAreas = screen.getAllDisplays().map(display => display.workArea);
  const window = new BrowserWindow({
    ...fittingBounds(state, workAreas),
    minWidth: smallest.width,
    minHeight: smallest.height,
    title: 'Layerwright',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#ffffff',
    webPreferences: {
      preload: path.resolve(preloadFile),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  });
  if (state?.maximized === true) window.maximize();
  keepWindowState(window, stateFile);
  transport.attend(window.webContents);
  recoverFromCrashes(window.webContents);
  window.once('ready-to-show', () => window.show());
  void load(window.webContents, startUrl);
  return window;
}

/** Builds run in this process, so a page that comes back finds them going on. */
function recoverFromCrashes(contents: WebContents): void {
  const answerToCrash = createCrashBreaker();
  contents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    void load(contents, answerToCrash() === 'reload' ? startUrl : crashUrl);
  });
}

/** A load that is overtaken by another one, or by the end of the window, is no failure of ours. */
async function load(contents: WebContents, url: string): Promise<void> {
  if (contents.isDestroyed()) return;
  await contents.loadURL(url).catch(() => undefined);
}
