import { copyFile, constants, readdir, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/failure.ts';
import type { TemplateView } from '../../../shared/ipc/app-views.ts';

const templateSchema = z.strictObject({
  title: z.string(),
  description: z.string(),
  /** File names in the project's own folder that make the template fit; `*` stands for any text. */
  detect: z.array(z.string()),
});

const templateFiles = ['Dockerfile', '.dockerignore'];

/** The templates under `templatesDir`, those that fit the files of `projectDir` first. */
export async function listTemplates(
  templatesDir: string,
  projectDir: string,
): Promise<TemplateView[]> {
  const present = await readdir(projectDir);
  const templates = await Promise.all(
    (await readdir(templatesDir)).toSorted().map(async template => {
      const text = await readFile(path.join(templatesDir, template, 'template.json'), 'utf8');
      const { title, description, detect } = templateSchema.parse(JSON.parse(text));
      const detected = present.toSorted().find(file => detect.some(glob => fitsGlob(file, glob)));
      return { template, title, description, ...(detected === undefined ? {} : { detected }) };
    }),
  );
  return templates.toSorted(
    (a, b) => Number(b.detected !== undefined) - Number(a.detected !== undefined),
  );
}

/**
 * Copies a template's Dockerfile and .dockerignore into `projectDir`. Never overwrites: where a Dockerfile stands
 * already it fails with `file-exists`; an existing .dockerignore is kept.
 */
export async function applyTemplate(
  templatesDir: string,
  template: string,
  projectDir: string,
): Promise<void> {
  const known = await readdir(templatesDir);
  if (!known.includes(template)) {
    throw new AppError({
      code: 'bad-request',
      field: 'template',
      problem: `there is no template "${template}"`,
    });
  }
  const copied: string[] = [];
  try {
    for (const file of templateFiles) {
      const target = path.join(projectDir, file);
      if (await copyNew(path.join(templatesDir, template, file), target)) copied.push(target);
      else if (file === 'Dockerfile') throw new AppError({ code: 'file-exists', path: target });
    }
  } catch (error) {
    await Promise.all(copied.map(file => unlink(file)));
    throw error;
  }
}

async function copyNew(source: string, target: string): Promise<boolean> {
  try {
    await copyFile(source, target, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function fitsGlob(file: string, glob: string): boolean {
  const pattern = glob
    .split('*')
    .map(part => RegExp.escape(part))
    .join('.*');
  return new RegExp(`^${pattern}$`, 'i').test(file);
}
