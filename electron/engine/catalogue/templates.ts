import { constants, copyFile, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/failure.ts';
import type { TemplateView, WindowsChoice } from '../../../shared/ipc/app-views.ts';
import { errnoOf, fileFailure } from '../content/file-system.ts';
import { detectProject } from './detect/detect-project.ts';
import type { Detection } from './detect/detection.ts';
import { readProject } from './detect/read-project.ts';
import { renderTemplate } from './render-template.ts';

const templateSchema = z.strictObject({
  title: z.string(),
  description: z.string(),
  /** The kinds of project it is for. */
  fits: z.array(z.string()),
  /** Whether it has RUN, which needs Windows. */
  runs: z.boolean(),
  /** What stands in its places where nothing is known of the project. */
  values: z.record(z.string(), z.string()),
});
type Template = z.output<typeof templateSchema> & { readonly template: string };

const templateFiles = ['Dockerfile', '.dockerignore'] as const;
type TemplateFile = (typeof templateFiles)[number];

/** The templates under `templatesDir`, those that fit `projectDir` first. */
export async function listTemplates(
  templatesDir: string,
  projectDir: string,
): Promise<TemplateView[]> {
  const detections = detectProject(await readProject(projectDir));
  const templates = await readTemplates(templatesDir);
  const ranked = templates.map(template => ({
    template,
    rank: detections.findIndex(({ kind }) => template.fits.includes(kind)),
  }));
  const order = ({ rank, template }: (typeof ranked)[number]): number =>
    (rank < 0 ? detections.length : rank) * 2 + Number(!template.runs);
  return ranked
    .toSorted((a, b) => order(a) - order(b))
    .map(({ template, rank }) => viewOf(template, detections[rank]));
}

function viewOf(template: Template, detection: Detection | undefined): TemplateView {
  const { template: name, title, description, runs } = template;
  const detected =
    detection === undefined ? {} : { detected: detection.evidence, found: detection.found };
  return { template: name, title, description, needsRun: runs, ...detected };
}

/** A template with its places filled in. */
export interface RenderedTemplate {
  readonly template: string;
  readonly files: Readonly<Record<TemplateFile, string>>;
}

/** Fills in a template for `projectDir`. Fails with `bad-request` for a name that no template has. */
export async function renderFor(
  templatesDir: string,
  template: string,
  projectDir: string,
  windows: WindowsChoice = 'ltsc2022',
): Promise<RenderedTemplate> {
  const found = (await readTemplates(templatesDir)).find(one => one.template === template);
  if (found === undefined) {
    const problem = `there is no template "${template}"`;
    throw new AppError({ code: 'bad-request', field: 'template', problem });
  }
  const detections = detectProject(await readProject(projectDir));
  const detection = detections.find(({ kind }) => found.fits.includes(kind));
  const values = { ...found.values, ...detection?.values, windows };
  const rendered = async (file: TemplateFile): Promise<string> =>
    renderTemplate(await readFile(path.join(templatesDir, template, file), 'utf8'), values);
  return {
    template,
    files: {
      Dockerfile: await rendered('Dockerfile'),
      '.dockerignore': await rendered('.dockerignore'),
    },
  };
}

/** What became of each file: paths are absolute. */
export interface WrittenTemplate {
  readonly written: readonly string[];
  /** Was there already and is as it was. */
  readonly kept: readonly string[];
  /** Where what was there before is now. */
  readonly aside: readonly string[];
}

/**
 * Writes a template into `projectDir`. Never overwrites: where a Dockerfile stands already it fails with `file-exists`,
 * and an existing .dockerignore is kept. With `replace` what is there is moved aside to `<name>.old` first.
 */
export async function writeTemplate(
  { files }: RenderedTemplate,
  projectDir: string,
  replace = false,
): Promise<WrittenTemplate> {
  const written: string[] = [];
  const kept: string[] = [];
  const aside: string[] = [];
  try {
    for (const file of templateFiles) {
      const target = path.join(projectDir, file);
      if (replace) aside.push(...(await moveAside(target)));
      if (await writeNew(target, files[file])) written.push(target);
      else if (file === 'Dockerfile') throw new AppError({ code: 'file-exists', path: target });
      else kept.push(target);
    }
    return { written, kept, aside };
  } catch (error) {
    await Promise.all(written.map(file => unlink(file)));
    throw error;
  }
}

/** False where the name is taken. */
async function writeNew(target: string, text: string): Promise<boolean> {
  try {
    await writeFile(target, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw fileFailure(error, 'write', target);
  }
}

/** Gives what stands at `target` a free name beside it; nothing where nothing stands there. */
async function moveAside(target: string): Promise<readonly string[]> {
  for (let number = 1; ; number++) {
    const place = `${target}.old${number === 1 ? '' : `.${number}`}`;
    try {
      await copyFile(target, place, constants.COPYFILE_EXCL);
      await unlink(target);
      return [place];
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return [];
      if (errnoOf(error) !== 'EEXIST') throw fileFailure(error, 'move aside', target);
    }
  }
}

async function readTemplates(templatesDir: string): Promise<readonly Template[]> {
  const names = (await readdir(templatesDir)).toSorted();
  return await Promise.all(
    names.map(async template => {
      const text = await readFile(path.join(templatesDir, template, 'template.json'), 'utf8');
      return { template, ...templateSchema.parse(JSON.parse(text)) };
    }),
  );
}
