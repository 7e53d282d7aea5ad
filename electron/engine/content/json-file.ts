import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { errnoOf, fileFailure, replaceFile } from './file-system.ts';

/** One small file of JSON that several processes and people may read and change. */
export interface JsonFile<T> {
  read(): Promise<T>;
  /** Replaces the file by what `edit` makes of it. Changes of this process come one after another. */
  change(edit: (before: T) => T): Promise<T>;
}

/** A file that is not there is read as `{}`; `parse` reads the text, or throws what is wrong with it. */
export function jsonFile<T>(file: string, parse: (text: string) => T): JsonFile<T> {
  let turn: Promise<unknown> = Promise.resolve();
  const read = async (): Promise<T> => parse(await textOf(file));
  return {
    read,
    async change(edit) {
      // One change after another: each starts from what the one before has written.
      const changed = turn.then(async () => {
        const next = edit(await read());
        await mkdir(path.dirname(file), { recursive: true });
        const aside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
        await replaceFile(file, aside, `${JSON.stringify(next, undefined, 2)}\n`);
        return next;
      });
      turn = changed.catch(() => undefined);
      return await changed;
    },
  };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return '{}';
    throw fileFailure(error, 'read', file);
  }
}
