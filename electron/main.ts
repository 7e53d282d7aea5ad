import './engine/win32/native-threads.ts';
import { homedir } from 'node:os';
import path from 'node:path';
import { app, type BrowserWindow } from 'electron';
import { failureOf } from '../shared/failure.ts';
import { storeLocation } from './engine/content/store-location.ts';
import { createBackend } from './ipc/backend.ts';
import { registerAppScheme, serveAppProtocol } from './main/app-protocol.ts';
import { deepLinkScheme } from './main/deep-link.ts';
import { closeOnQuit, createDesktop, followTheme, type Desktop } from './main/desktop.ts';
import { denyPermissions, guardWebContents } from './main/guards.ts';
import { electronKeychain } from './main/keychain.ts';
import { launchRequestOf, linkRequestOf, type LaunchRequest } from './main/launch-request.ts';
import { elevationOf } from './main/elevation.ts';
import { asksToRetry, nativeDialogs } from './main/native-dialogs.ts';
import { openUpdates, updateAtStart } from './main/open-updates.ts';
import { createQuitGuard } from './main/quit-guard.ts';

/** This file is `out/main/main.js`, in development and in a package alike; `resources` stands beside `out`. */
const outDir = path.resolve(import.meta.dirname, '..');
const productDir = path.resolve(outDir, '..');

app.enableSandbox();
if (app.requestSingleInstanceLock()) begin();
else app.quit();

/** No await at the top level: Electron does not become ready before this module has been evaluated. */
function begin(): void {
  registerAppScheme();
  guardWebContents();
  const desktop = app.whenReady().then(startOrAsk);
  const follow = (request: LaunchRequest): void => {
    void desktop.then(async running => {
      running.show();
      await running.follow(request);
    });
  };
  app.on('second-instance', (_event, argv, dir) => follow(launchRequest(argv, dir)));
  app.on('open-url', (event, link) => {
    event.preventDefault();
    follow(linkRequestOf(link, process.platform));
  });
  app.on('activate', () => follow({ kind: 'none' }));
  // The person was told why, and chose to quit.
  desktop.catch(() => app.exit(1));
}

/** A store that is in use, damaged or on a full disk may be usable once the person has seen to it. */
async function startOrAsk(): Promise<Desktop> {
  denyPermissions();
  serveAppProtocol(path.join(outDir, 'renderer'));
  for (;;) {
    try {
      return await start();
    } catch (error) {
      if (!(await asksToRetry(failureOf(error)))) throw error;
    }
  }
}

async function start(): Promise<Desktop> {
  let window: BrowserWindow | undefined;
  if (app.isPackaged) app.setAsDefaultProtocolClient(deepLinkScheme, process.execPath, ['--']);
  const storeDir = storeLocation(process.env, process.platform, homedir());
  const backend = await createBackend({
    mode: 'electron',
    storeDir,
    productDir,
    version: app.getVersion(),
    dialogs: nativeDialogs(() => window),
    roots: [],
    keychain: await electronKeychain(process.platform),
    updates: await openUpdates(),
    ...elevationOf({
      os: process.platform,
      resourcesPath: process.resourcesPath,
      productDir,
      storeDir,
    }),
  });
  const quitGuard = createQuitGuard(backend.running, process.platform);
  app.on('window-all-closed', () => quitGuard.windowsClosed());
  closeOnQuit(backend);
  await followTheme(backend);
  void updateAtStart(backend);
  const desktop = createDesktop({
    backend,
    quitGuard,
    preloadFile: path.join(outDir, 'preload', 'preload.cjs'),
    windowStateFile: path.join(storeDir, 'state', 'window.json'),
    onWindow: opened => (window = opened),
  });
  await openFirst(desktop, async () => await backend.reopen());
  return desktop;
}

/** A folder from the command line is there when the window opens; a question about a deep link needs the window. */
async function openFirst(desktop: Desktop, reopen: () => Promise<void>): Promise<void> {
  const request = launchRequest(process.argv, process.cwd());
  if (request.kind === 'folder' && request.typed) await desktop.follow(request);
  else await reopen();
  desktop.show();
  if (request.kind === 'folder' && !request.typed) await desktop.follow(request);
}

function launchRequest(argv: readonly string[], workingDirectory: string): LaunchRequest {
  const defaultApp = process.defaultApp;
  return launchRequestOf({ argv, workingDirectory, defaultApp, os: process.platform });
}
