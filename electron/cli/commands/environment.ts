import type {
  EnvironmentVariable,
  EnvironmentView,
  VariableSource,
} from '../../../shared/ipc/inspect-views.ts';
import type { CommandContext } from '../command.ts';
import { showView } from '../inspected/show-view.ts';
import type { ImageFlags } from '../inspected/with-image.ts';
import { wrapped } from '../text/sections.ts';
import { neutralized } from '../text/neutralize.ts';

/** `layerwright env`: the variables that a process of the image sees, and what is wrong with them. */
export async function environment(
  context: CommandContext,
  image: string,
  flags: ImageFlags,
): Promise<number> {
  return await showView(context, image, flags, {
    take: async found => (await found.inspect()).environment(context.signal),
    lines: environmentLines,
  });
}

function environmentLines(view: EnvironmentView, width: number): string[] {
  const own = view.variables.filter(({ sources }) => sources[0]?.kind !== 'windows');
  return [
    `Processes run as ${view.user}${view.userHive === undefined ? '' : ` (variables of ${view.userHive})`}.`,
    '',
    ...own.flatMap(variable => variableLines(variable, width)),
    ...view.conflicts.flatMap(({ name, explanation, folders, fix }) => [
      '',
      ...wrapped(`! ${name}: ${explanation}`, width),
      ...folders.map(folder => `    ${folder}`),
      ...(fix === undefined ? [] : ['  This line mends it:', `    ${fix}`]),
    ]),
    ...view.notes.flatMap(({ text }) => ['', ...wrapped(`note: ${text}`, width)]),
  ];
}

function variableLines(
  { name, value, sources, hidden }: EnvironmentVariable,
  width: number,
): string[] {
  return [
    // Values are shown in full: whoever looks for a folder in PATH wants all of it.
    neutralized(`${name}=${value}`),
    ...wrapped(`from ${sources.map(sourceText).join(' and ')}`, width, '    '),
    ...hidden.flatMap(each =>
      wrapped(`hides "${each.value}" from ${sourceText(each.source)}`, width, '    '),
    ),
  ];
}

function sourceText(source: VariableSource): string {
  switch (source.kind) {
    case 'windows':
      return 'Windows';
    case 'config': {
      const line = source.dockerfileLine === undefined ? '' : `line ${source.dockerfileLine + 1}: `;
      return `config.Env (${line}${source.createdBy ?? 'no ENV in the history'})`;
    }
    case 'machine':
    case 'user':
      return `layer ${source.layerIndex}, ${source.key} (${source.type})`;
  }
}
