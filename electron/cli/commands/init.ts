import path from 'node:path';
import { AppError } from '../../../shared/failure.ts';
import type { TemplateView, WindowsChoice } from '../../../shared/ipc/app-views.ts';
import {
  listTemplates,
  renderFor,
  writeTemplate,
  type WrittenTemplate,
} from '../../engine/catalogue/templates.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { productDirAbove } from '../product-dir.ts';
import { table } from '../text/table.ts';

export interface InitFlags {
  readonly template?: string;
  readonly list?: boolean;
  readonly windows: WindowsChoice;
  /** commander's form of `--no-run`. */
  readonly run: boolean;
  readonly print?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `layerwright init`: looks at a folder and writes a Dockerfile and a .dockerignore for it. */
export async function init(
  context: CommandContext,
  dir: string,
  flags: InitFlags,
): Promise<number> {
  const { cwd, terminal } = context;
  const projectDir = path.resolve(cwd, dir);
  const templatesDir = path.join(productDirAbove(import.meta.filename), 'resources', 'templates');
  const templates = await listTemplates(templatesDir, projectDir);
  if (flags.list === true) return list(context, templates, flags);
  const chosen = chooseTemplate(templates, flags, projectDir);
  const rendered = await renderFor(templatesDir, chosen.template, projectDir, flags.windows);
  for (const line of reasonLines(chosen)) terminal.note(line);
  if (flags.print === true) {
    terminal.raw(rendered.files.Dockerfile);
    return exitCodes.ok;
  }
  const result = await writeTemplate(rendered, projectDir, flags.force);
  if (flags.json === true) terminal.json({ ...chosen, ...result });
  else for (const line of resultLines(result, chosen, cwd)) terminal.line(line);
  return exitCodes.ok;
}

function list(
  { terminal }: CommandContext,
  templates: readonly TemplateView[],
  { json = false }: InitFlags,
): number {
  if (json) {
    terminal.json(templates);
    return exitCodes.ok;
  }
  const columns = [
    { title: 'TEMPLATE', cell: (row: TemplateView) => row.template },
    { title: 'TITLE', cell: (row: TemplateView) => row.title },
    { title: 'BUILDS ON', cell: (row: TemplateView) => (row.needsRun ? 'Windows' : 'any system') },
    { title: 'FITS', cell: (row: TemplateView) => row.detected ?? '' },
  ];
  for (const line of table(columns, templates)) terminal.line(line);
  return exitCodes.ok;
}

/** The template that was named, else the likeliest one. Fails with `project-unknown` where nothing is known of the folder. */
function chooseTemplate(
  templates: readonly TemplateView[],
  { run, template }: InitFlags,
  dir: string,
): TemplateView {
  if (template !== undefined) {
    const named = templates.find(one => one.template === template);
    if (named !== undefined) return named;
    const problem = `there is no template "${template}"; --list names them`;
    throw new AppError({ code: 'bad-request', field: '--template', problem });
  }
  const fitting = templates.filter(({ detected }) => detected !== undefined);
  const chosen = fitting.find(({ needsRun }) => run || !needsRun);
  if (chosen !== undefined) return chosen;
  throw new AppError({ code: 'project-unknown', path: dir, onlyWithRun: fitting.length > 0 });
}

function reasonLines({ title, detected, found = [] }: TemplateView): readonly string[] {
  if (detected === undefined) return [`template: ${title}`];
  return [`found: ${title}, because of ${detected}`, ...found.map(sentence => `  ${sentence}`)];
}

function resultLines(
  { aside, kept, written }: WrittenTemplate,
  { needsRun }: TemplateView,
  cwd: string,
): readonly string[] {
  const shown = (file: string): string => path.relative(cwd, file) || file;
  return [
    ...aside.map(file => `moved what was there to ${shown(file)}`),
    ...written.map(file => `wrote ${shown(file)}`),
    ...kept.map(file => `kept ${shown(file)}, which was there already`),
    needsRun
      ? 'next: layerwright plan (its RUN steps need Windows; --no-run makes one without)'
      : 'next: layerwright plan, then layerwright build',
  ];
}
