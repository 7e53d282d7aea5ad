import path from 'node:path';
import { app } from 'electron';
import type { Backend } from '../ipc/backend.ts';
import { noUpdates, type Updates } from '../ipc/handlers/update.ts';
import { updatesForbidden } from './update-policy.ts';
import { createUpdates, updateObstacle } from './updates.ts';

/** Updates of this installation; off, with the reason, where there can be none. */
export async function openUpdates(): Promise<Updates> {
  if (!app.isPackaged) return noUpdates('not-installed');
  if (await updatesForbidden(process.platform, process.env)) return noUpdates('policy');
  const configFile = path.join(process.resourcesPath, 'app-update.yml');
  const obstacle = await updateObstacle(configFile, process.platform);
  if (obstacle !== undefined) return noUpdates(obstacle);
  const { autoUpdater } = await import('electron-updater');
  return createUpdates(autoUpdater);
}

/** Looks for a newer version where the person has asked for that. Nothing is downloaded by itself. */
export async function updateAtStart({ handlers }: Backend): Promise<void> {
  const { signal } = new AbortController();
  const { checkForUpdates } = await handlers['settings.get']({}, signal);
  if (checkForUpdates) await handlers['update.check']({}, signal);
}
