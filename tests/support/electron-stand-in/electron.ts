import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type * as Electron from 'electron';
import { browserWindowClass } from './browser-window.ts';
import { takeSingleInstanceLock } from './single-instance.ts';
import { createStandIn, type MenuItem, type StandIn } from './stand-in.ts';

/** The module that main's bundle gets for `electron`. Only what Layerwright uses is here. */
export const standIn: StandIn = await createStandIn();

const ready = Promise.withResolvers<void>();

/** Called by run.ts once the main module has settled. */
export function becomeReady(): void {
  standIn.isReady = true;
  ready.resolve();
}

let quitting = false;

/** Electron's order: `before-quit`, the windows close, `will-quit`. The first two can be prevented. */
function quit(): void {
  if (quitting || isPrevented('before-quit')) return;
  for (const window of standIn.windows) window.close();
  if (standIn.windows.values().some(window => !window.isDestroyed())) return;
  quitting = true;
  standIn.record({ kind: 'quit' });
  if (!isPrevented('will-quit')) exit(0);
}

function isPrevented(event: 'before-quit' | 'will-quit'): boolean {
  let prevented = false;
  standIn.app.emit(event, { preventDefault: () => (prevented = true) });
  return prevented;
}

function exit(code = 0): void {
  void standIn.browser
    .then(async browser => await browser.close())
    .finally(() => {
      standIn.protocols.close();
      process.exit(code);
    });
}

const appMembers = {
  isPackaged: false,
  whenReady: () => ready.promise,
  quit,
  exit,
  enableSandbox: () => undefined,
  getVersion: () => process.env['LAYERWRIGHT_TEST_VERSION'] ?? '0.0.0-test',
  requestSingleInstanceLock: () => takeSingleInstanceLock(standIn.app),
  setAsDefaultProtocolClient: () => true,
} satisfies Partial<Electron.App>;
export const app = Object.assign(standIn.app, appMembers);

// Electron sets it where the app is named on the command line, as in development.
Object.defineProperty(process, 'defaultApp', { value: true });

export const BrowserWindow = browserWindowClass(standIn);

export const ipcMain = {
  handle(
    channel: string,
    handler: (event: Electron.IpcMainInvokeEvent, ...args: never[]) => unknown,
  ) {
    if (standIn.handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    standIn.handlers.set(channel, handler as (event: object, ...args: unknown[]) => unknown);
  },
} satisfies Pick<Electron.IpcMain, 'handle'>;

export const protocol = {
  registerSchemesAsPrivileged() {
    if (standIn.isReady)
      throw new Error('protocol.registerSchemesAsPrivileged: app is ready already');
  },
  handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) =>
    standIn.protocols.handle(scheme, handler),
} satisfies Pick<Electron.Protocol, 'registerSchemesAsPrivileged' | 'handle'>;

export const session = {
  defaultSession: {
    setPermissionRequestHandler(handler) {
      standIn.permissionHandler = handler as StandIn['permissionHandler'];
    },
    setPermissionCheckHandler: () => undefined,
    setDevicePermissionHandler: () => undefined,
  } satisfies Pick<
    Electron.Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
  >,
};

export const shell = {
  openExternal: async (url: string) => standIn.record({ kind: 'opened-external', url }),
} satisfies Pick<Electron.Shell, 'openExternal'>;

export const nativeTheme = {
  shouldUseDarkColors: false,
  set themeSource(source: 'system' | 'light' | 'dark') {
    standIn.record({ kind: 'theme', source });
  },
} satisfies Partial<Electron.NativeTheme>;

export const screen = {
  getAllDisplays: () =>
    [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }] as Electron.Display[],
} satisfies Pick<Electron.Screen, 'getAllDisplays'>;

export const Menu = {
  buildFromTemplate: (template: MenuItem[]) => template,
  setApplicationMenu: (menu: readonly MenuItem[]) => void (standIn.menu = menu),
};

/** Takes the next answer of the test. Without one the dialog is dismissed, as nobody is there. */
function answerDialog<T>(method: string, args: readonly unknown[], dismissed: T): Promise<T> {
  standIn.record({ kind: 'dialog', method, options: args.at(-1) });
  const answer = standIn.dialogAnswers.shift();
  if (answer === undefined && process.env['LAYERWRIGHT_TEST_PATIENT'] !== undefined) {
    return new Promise(resolve => standIn.openDialogs.push(resolve as (answer: unknown) => void));
  }
  return Promise.resolve(answer === undefined ? dismissed : (answer as T));
}

export const dialog = {
  showOpenDialog: (...args: unknown[]) =>
    answerDialog('showOpenDialog', args, { canceled: true, filePaths: [] as string[] }),
  showSaveDialog: (...args: unknown[]) =>
    answerDialog('showSaveDialog', args, { canceled: true, filePath: '' }),
  showMessageBox: (...args: unknown[]) =>
    answerDialog('showMessageBox', args, { response: 1, checkboxChecked: false }),
} satisfies Pick<Electron.Dialog, 'showOpenDialog' | 'showSaveDialog' | 'showMessageBox'>;

/** The keyring of no desktop: the key is always the same, so that an app that is started again can open what it sealed. */
const sealKey = createHash('sha256').update('layerwright electron stand-in').digest();

export const safeStorage = {
  isAsyncEncryptionAvailable: () =>
    Promise.resolve(process.env['LAYERWRIGHT_TEST_NO_KEYRING'] === undefined),
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptStringAsync(plainText) {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', sealKey, iv);
    const sealed = Buffer.concat([cipher.update(plainText, 'utf8'), cipher.final()]);
    return Promise.resolve(Buffer.concat([iv, cipher.getAuthTag(), sealed]));
  },
  decryptStringAsync(encrypted) {
    const cipher = createDecipheriv('aes-256-gcm', sealKey, encrypted.subarray(0, 12));
    cipher.setAuthTag(encrypted.subarray(12, 28));
    const opened = Buffer.concat([cipher.update(encrypted.subarray(28)), cipher.final()]);
    return Promise.resolve({ result: opened.toString('utf8'), shouldReEncrypt: false });
  },
} satisfies Pick<
  Electron.SafeStorage,
  | 'isAsyncEncryptionAvailable'
  | 'getSelectedStorageBackend'
  | 'encryptStringAsync'
  | 'decryptStringAsync'
>;
