import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Settings } from '../../shared/ipc/app-views.ts';
import type { Api } from '../api/api.ts';

export interface SettingsState {
  /** The defaults until the host has answered. */
  readonly settings: Settings;
  readonly load: () => Promise<void>;
  /** Shows the change at once and takes it back if it cannot be kept. Throws what the host answered. */
  readonly change: (part: Partial<Settings>) => Promise<void>;
  readonly reset: () => Promise<void>;
}

/** As `settingsSchema` has them; written out, so that the window need not load a schema library. */
export const defaultSettings: Settings = {
  theme: 'system',
  fontSize: 13,
  backend: 'auto',
  timestamps: 'normalize',
  compression: 'gzip',
  platform: '',
  wrapLog: false,
  checkForUpdates: false,
  welcomed: false,
  showTimestamps: true,
  paneSizes: {},
  run: { isolation: 'auto', network: 'default', keepFailed: false },
  cleanup: 'off',
  cleanupGigabytes: 50,
  cleanupDays: 30,
};

export function createSettings(api: Api): StoreApi<SettingsState> {
  return createStore<SettingsState>()(set => {
    /** As the host told them last. */
    let kept = defaultSettings;
    /** What the host has not answered yet, oldest first. An answer to one does not undo those behind it. */
    const changes: Partial<Settings>[] = [];
    const show = (): void =>
      set({ settings: changes.reduce<Settings>((shown, part) => ({ ...shown, ...part }), kept) });

    async function change(part: Partial<Settings>): Promise<void> {
      changes.push(part);
      show();
      try {
        kept = await api.request('settings.set', part);
      } finally {
        changes.splice(changes.indexOf(part), 1);
        show();
      }
    }
    function told(settings: Settings): void {
      kept = settings;
      show();
    }
    api.on('settings.changed', told);
    return {
      settings: defaultSettings,
      load: async () => told(await api.request('settings.get', {})),
      change,
      reset: () => change(defaultSettings),
    };
  });
}
