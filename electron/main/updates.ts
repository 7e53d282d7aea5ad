import { readFile } from 'node:fs/promises';
import type { AppUpdater } from 'electron-updater';
import type { UpdateView } from '../../shared/ipc/update-views.ts';
import type { Updates } from '../ipc/handlers/update.ts';

/** What is needed of electron-updater's class, which checks the SHA-512 of a download and who signed it. */
export type Updater = Pick<
  AppUpdater,
  | 'checkForUpdates'
  | 'downloadUpdate'
  | 'quitAndInstall'
  | 'on'
  | 'autoDownload'
  | 'autoInstallOnAppQuit'
  | 'allowDowngrade'
  | 'requestHeaders'
  | 'logger'
>;

/** Follows an updater. It looks, downloads and installs only when told to, and never goes back to an older version. */
export function createUpdates(updater: Updater): Updates {
  const listeners = new Set<(view: UpdateView) => void>();
  let view: UpdateView = { kind: 'none' };
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.allowDowngrade = false;
  updater.logger = null;
  // electron-updater would send a number that tells installations apart.
  updater.requestHeaders = { 'x-user-staging-id': 'none' };

  function become(next: UpdateView): void {
    view = next;
    for (const listener of listeners) listener(next);
  }
  updater.on('download-progress', ({ percent }) => {
    if (view.kind === 'downloading') become({ ...view, percent: Math.floor(percent) });
  });
  // Also a failure that a call below rejects with; without a listener it would end the process.
  updater.on('error', error => become({ kind: 'failed', problem: problemOf(error) }));

  async function tried(work: () => Promise<UpdateView>): Promise<void> {
    try {
      become(await work());
    } catch (error) {
      become({ kind: 'failed', problem: problemOf(error) });
    }
  }

  async function check(): Promise<void> {
    if (view.kind === 'checking' || view.kind === 'downloading' || view.kind === 'ready') return;
    become({ kind: 'checking' });
    await tried(async () => {
      const result = await updater.checkForUpdates();
      return result?.isUpdateAvailable === true
        ? { kind: 'available', version: result.updateInfo.version }
        : { kind: 'none', checkedAt: Date.now() };
    });
  }

  async function download(): Promise<void> {
    if (view.kind !== 'available') return;
    const { version } = view;
    become({ kind: 'downloading', version, percent: 0 });
    await tried(async () => {
      await updater.downloadUpdate();
      return { kind: 'ready', version };
    });
  }

  return {
    view: () => view,
    check,
    download,
    install() {
      if (view.kind === 'ready') updater.quitAndInstall(false, true);
    },
    follow: listener => void listeners.add(listener),
  };
}

/** What stands in the way of updates in the file that packaging wrote (`app-update.yml`); undefined for nothing. */
export async function updateObstacle(
  configFile: string,
  os: NodeJS.Platform,
): Promise<'no-address' | 'not-signed' | undefined> {
  const text = await readFile(configFile, 'utf8').catch(() => undefined);
  if (text === undefined || !/^url:/m.test(text)) return 'no-address';
  // Without a publisher electron-updater would install what nobody has signed.
  return os === 'win32' && !/^publisherName:/m.test(text) ? 'not-signed' : undefined;
}

function problemOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? text).slice(0, 500);
}
