import { createStore, type StoreApi } from 'zustand/vanilla';
import { settingsSchema, type Settings } from '../../shared/ipc/app-views.ts';
import type { Api } from '../api/api.ts';

export interface SettingsState {
  /** The defaults until the host has answered. */
  readonly settings: Settings;
  load(): Promise<void>;
  /** Shows the change at once and takes it back if it cannot be kept. Throws what the host answered. */
  change(part: Partial<Settings>): Promise<void>;
  reset(): Promise<void>;
}

export const defaultSettings: Settings = settingsSchema.parse({});

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
