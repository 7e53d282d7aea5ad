import { AppError } from '../../../shared/failure.ts';
import { settingsSchema, type Settings } from '../../../shared/ipc/app-views.ts';
import { jsonFile } from '../content/json-file.ts';

/** What the user chose, in one small file that can be read and edited by hand. */
export interface SettingsStore {
  /** Throws AppError `settings-invalid` or `file-system`. */
  get(): Promise<Settings>;
  /** Changes some settings and returns all. Throws as `get` does, and `disk-full`. */
  set(change: Partial<Settings>): Promise<Settings>;
}

/** The settings in `file`; where there is none, every setting has its default. */
export function createSettingsStore(file: string): SettingsStore {
  const settings = jsonFile(file, text => readSettings(file, text));
  return {
    get: async () => await settings.read(),
    set: async change =>
      await settings.change(before => settingsSchema.parse({ ...before, ...change })),
  };
}

function readSettings(file: string, text: string): Settings {
  const settings = settingsSchema.safeParse(parseJson(file, text));
  if (settings.success) return settings.data;
  const [issue] = settings.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw invalid(file, field === '' ? `${issue?.message}` : `${field}: ${issue?.message}`);
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(file, error instanceof Error ? error.message : String(error));
  }
}

function invalid(file: string, problem: string): AppError {
  return new AppError({ code: 'settings-invalid', path: file, problem });
}
