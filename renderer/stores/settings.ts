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
  return createStore<SettingsState>()((set, get) => {
    async function change(part: Partial<Settings>): Promise<void> {
      const before = get().settings;
      set({ settings: { ...before, ...part } });
      try {
        set({ settings: await api.request('settings.set', part) });
      } catch (error) {
        set({ settings: before });
        throw error;
      }
    }
    api.on('settings.changed', settings => set({ settings }));
    return {
      settings: defaultSettings,
      async load() {
        set({ settings: await api.request('settings.get', {}) });
      },
      change,
      reset: () => change(defaultSettings),
    };
  });
}
