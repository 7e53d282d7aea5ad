import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import { settingsSchema, type Settings } from '../../../shared/ipc/app-views.ts';
import { errnoOf, fileFailure, replaceFile } from '../content/file-system.ts';

/** What the user chose, in one small file that can be read and edited by hand. */
export interface SettingsStore {
  /** Throws AppError `settings-invalid` or `file-system`. */
  get(): Promise<Settings>;
  /** Changes some settings and returns all. Throws as `get` does, and `disk-full`. */
  set(change: Partial<Settings>): Promise<Settings>;
}

/** The settings in `file`; where there is none, every setting has its default. */
export function createSettingsStore(file: string): SettingsStore {
  let turn: Promise<unknown> = Promise.resolve();
  return {
    get: async () => await readSettings(file),
    async set(change) {
      // One change after another: each starts from what the one before has written.
      const changed = turn.then(async () => {
        const settings = settingsSchema.parse({ ...(await readSettings(file)), ...change });
        await writeSettings(file, settings);
        return settings;
      });
      turn = changed.catch(() => undefined);
      return await changed;
    },
  };
}

async function readSettings(file: string): Promise<Settings> {
  const settings = settingsSchema.safeParse(parseJson(file, await textOf(file)));
  if (settings.success) return settings.data;
  const [issue] = settings.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw invalid(file, field === '' ? `${issue?.message}` : `${field}: ${issue?.message}`);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return '{}';
    throw fileFailure(error, 'read', file);
  }
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

async function writeSettings(file: string, settings: Settings): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const aside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  await replaceFile(file, aside, `${JSON.stringify(settings, undefined, 2)}\n`);
}
