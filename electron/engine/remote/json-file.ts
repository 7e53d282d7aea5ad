import { randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { readJson } from '../../../shared/oci/json.ts';
import { errnoOf, fileFailure, replaceFile } from '../content/file-system.ts';

/** One small file of JSON that several processes and people may read and change. */
export interface JsonFile<T> {
  read(): Promise<T>;
  /** Replaces the file by what `edit` makes of it. Changes of this process come one after another. */
  change(edit: (before: T) => T): Promise<T>;
}

/** A file that is not there is read as `{}`. What is not of the schema's form is thrown as `wrong` words it. */
export function jsonFile<T>(
  file: string,
  schema: z.ZodType<T>,
  wrong: (problem: string) => Error,
): JsonFile<T> {
  let turn: Promise<unknown> = Promise.resolve();

  async function read(): Promise<T> {
    const reading = readJson(schema, await textOf(file));
    if (reading.kind === 'value') return reading.value;
    throw wrong(`${reading.field}: ${reading.problem}`);
  }

  return {
    read,
    async change(edit) {
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
