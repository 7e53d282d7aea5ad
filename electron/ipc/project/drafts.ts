import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { naming } from './file-failures.ts';

const draftSchema = z.object({ projectDir: z.string(), file: z.string(), text: z.string() });

/** Unsaved text, kept across crashes and restarts (hot exit). */
export interface Drafts {
  read(projectDir: string, file: string): Promise<string | undefined>;
  save(projectDir: string, file: string, text: string): Promise<void>;
  discard(projectDir: string, file: string): Promise<void>;
}

/** Each draft is a file of its own in `draftsDir`, named by what it is a draft of. */
export function createDrafts(draftsDir: string): Drafts {
  const placeOf = (projectDir: string, file: string): string => {
    const name = createHash('sha256').update(`${projectDir}\0${file}`).digest('hex');
    return path.join(draftsDir, `${name}.json`);
  };

  return {
    async read(projectDir, file) {
      try {
        const text = await readFile(placeOf(projectDir, file), 'utf8');
        const draft = draftSchema.parse(JSON.parse(text));
        return draft.projectDir === projectDir && draft.file === file ? draft.text : undefined;
      } catch {
        // No draft, or one that was damaged: the saved file is what we have.
        return undefined;
      }
    },
    async save(projectDir, file, text) {
      const place = placeOf(projectDir, file);
      await naming('keep unsaved text in', draftsDir, async () => {
        await mkdir(draftsDir, { recursive: true });
        const aside = `${place}.${randomUUID()}.tmp`;
        try {
          await writeFile(aside, JSON.stringify({ projectDir, file, text }), { mode: 0o600 });
          await rename(aside, place);
        } finally {
          await rm(aside, { force: true });
        }
      });
    },
    discard: async (projectDir, file) => await rm(placeOf(projectDir, file), { force: true }),
  };
}
