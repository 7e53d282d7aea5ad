import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Holding, HoldingProvider } from '../content/holding.ts';
import { fileHolding } from './file-holdings.ts';
import { entriesIn } from './folders.ts';

/** Folders of the store that other providers tell about. */
const knownFolders: Readonly<Record<string, ReadonlySet<string>>> = {
  '.': new Set([
    'blobs',
    'ingest',
    'downloads',
    'layer-index',
    'layer-cache',
    'cache',
    'state',
    'windows',
  ]),
  cache: new Set(['steps']),
  state: new Set(['builds', 'drafts']),
};

/** All that no other provider tells about: databases, settings, the sample project. No collection takes it. */
export function otherHoldings(storeDir: string): HoldingProvider {
  return {
    async list(signal) {
      const listed: Holding[] = [];
      for (const [folder, known] of Object.entries(knownFolders)) {
        for (const entry of await entriesIn(join(storeDir, folder), signal, known)) {
          const name = folder === '.' ? entry.name : `${folder}/${entry.name}`;
          listed.push({ ...fileHolding('other', { ...entry, name }, name), kept: 'in-use' });
        }
      }
      return listed;
    },
    remove: async () => undefined,
  };
}

/** Text that was typed and never saved (hot exit). It stays until it is saved or given up in the editor. */
export function draftHoldings(storeDir: string): HoldingProvider {
  return {
    async list(signal) {
      const listed: Holding[] = [];
      for (const entry of await entriesIn(join(storeDir, 'state', 'drafts'), signal)) {
        const holding = fileHolding('drafts', entry, await draftTitle(entry.path));
        listed.push({ ...holding, kept: 'unsaved' });
      }
      return listed;
    },
    remove: async () => undefined,
  };
}

async function draftTitle(path: string): Promise<string> {
  try {
    const { file, projectDir } = JSON.parse(await readFile(path, 'utf8')) as Record<
      string,
      unknown
    >;
    return `unsaved text of ${String(file)} in ${String(projectDir)}`;
  } catch {
    return `unsaved text (${basename(path)})`;
  }
}
