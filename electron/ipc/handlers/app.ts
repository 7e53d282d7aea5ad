import { homedir, userInfo } from 'node:os';
import type { AppInfo } from '../../../shared/ipc/app-views.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';
import type { HostCapabilities } from '../../../shared/ipc/host-views.ts';
import type { HandlersFor } from '../answer.ts';
import { diagnosticsText } from '../diagnostics/diagnostics.ts';
import type { EventSink } from '../event-hub.ts';
import type { Grants } from '../grants.ts';
import type { Dialogs } from '../host.ts';

interface SettingsStore {
  get(): Promise<AppSettings>;
  set(change: Partial<AppSettings>): Promise<AppSettings>;
}
type AppSettings = Awaited<ReturnType<HandlersFor<'settings.get'>['settings.get']>>;

interface AppParts {
  readonly info: () => Promise<AppInfo>;
  readonly capabilities: () => Promise<HostCapabilities>;
  readonly settings: SettingsStore;
  /** Newest first. */
  readonly lastBuilds: () => readonly BuildSummary[];
  readonly dialogs: Dialogs;
  readonly grants: Grants;
  readonly events: EventSink;
}

type AppChannel =
  | 'app.info'
  | 'host.capabilities'
  | 'app.diagnostics'
  | 'settings.get'
  | 'settings.set'
  | 'dialog.openFolder'
  | 'dialog.openFile'
  | 'dialog.saveFile';

/** The app itself: what it is, its settings, and its dialogs. What is chosen in a dialog is granted. */
export function appHandlers(parts: AppParts): HandlersFor<AppChannel> {
  const { settings, dialogs, grants, events } = parts;

  async function chosen(path: string | undefined): Promise<{ readonly path?: string }> {
    if (path === undefined) return {};
    await grants.grant(path);
    return { path };
  }

  return {
    'app.info': async () => await parts.info(),
    'host.capabilities': async () => await parts.capabilities(),
    'app.diagnostics': async () => ({
      text: diagnosticsText({
        info: await parts.info(),
        versions: process.versions,
        capabilities: await parts.capabilities(),
        settings: await settings.get(),
        builds: parts.lastBuilds(),
        person: { home: homedir(), user: userInfo().username },
      }),
    }),
    'settings.get': async () => await settings.get(),
    'settings.set': async change => {
      const changed = await settings.set(change);
      events.emit('settings.changed', changed);
      return changed;
    },
    'dialog.openFolder': async () => await chosen(await dialogs.openFolder()),
    'dialog.openFile': async ({ title }) => await chosen(await dialogs.openFile(title)),
    'dialog.saveFile': async ({ title, suggestedName }) =>
      await chosen(await dialogs.saveFile(title, suggestedName)),
  };
}
