import type { WasteCategory, WhatIf } from '../../../../shared/ipc/inspect-views.ts';

/** One instruction of the history; `layerIndex` where it made a layer. */
export interface Instruction {
  /** As the Dockerfile has it where that is on record, else as the history tells it. */
  readonly text: string;
  readonly layerIndex?: number;
  /** In the Dockerfile, from 0, where that is on record. */
  readonly line?: number;
}

type Edit = Pick<WhatIf, 'edit' | 'explanation'>;

/** Layers that should become one, and the paths that a later one of them overwrites or deletes. */
export interface MergeRange {
  readonly from: number;
  readonly to: number;
  readonly wastedPaths: readonly string[];
}

/** How the Dockerfile has to change so that a range of layers stores nothing in vain. */
export function mergeEdit(
  instructions: readonly Instruction[],
  { from, to, wastedPaths }: MergeRange,
): Edit {
  const start = instructions.findIndex(each => each.layerIndex === from);
  const end = instructions.findIndex(each => each.layerIndex === to);
  const range = start < 0 || end < start ? [] : instructions.slice(start, end + 1);
  const texts = range.map(each => instructionText(each.text));
  const layers = range.filter(each => each.layerIndex !== undefined);
  const commands = layers.map(each => shellCommand(each.text));
  if (layers.length > 0 && commands.every(command => command !== undefined)) {
    const others = range
      .filter(each => each.layerIndex === undefined)
      .map(each => instructionText(each.text));
    return {
      edit: { replaces: texts, lines: [...others, joined(commands)] },
      explanation:
        'One RUN does what several did, so that nothing is stored that a later one replaces or deletes.',
    };
  }
  const [first = ''] = texts;
  if (layers.every(each => copies.test(instructionText(each.text)))) {
    return {
      edit: { replaces: [first], lines: [excluding(first, wastedPaths)] },
      explanation: excludeExplanation,
    };
  }
  return { edit: { replaces: texts, lines: stages(texts) }, explanation: stagesExplanation };
}

const copies = /^(?:COPY|ADD)\s/i;
const excludeExplanation =
  'Two instructions copy to the same places. Leave out of the first what the later one brings anyway, by --exclude or in .dockerignore.';
const namedFiles = 5;

function excluding(copy: string, paths: readonly string[]): string {
  const names = [...new Set(paths.map(path => path.slice(path.lastIndexOf('/') + 1)))];
  const flags = names.slice(0, namedFiles).map(name => `--exclude=**/${name}`);
  return copy.replace(copies, found => `${found}${flags.join(' ')} `);
}

const stagesExplanation =
  'COPY and RUN cannot be merged into one instruction. Do the work in a stage of its own and copy only the result: name the folders that the image needs in the last line.';

function stages(texts: readonly string[]): string[] {
  return [
    'FROM <base> AS work',
    ...texts,
    'FROM <base>',
    'COPY --from=work ["C:/<result>", "C:/<result>"]',
  ];
}

/** Instructions that change nothing for a RUN that is moved over them. */
const movedOver =
  /^(?:COPY|ADD|LABEL|EXPOSE|CMD|ENTRYPOINT|HEALTHCHECK|STOPSIGNAL|VOLUME|MAINTAINER)\b/i;

/**
 * How the Dockerfile has to change so that the RUN of layer `to` is done right behind that of layer `from`; undefined
 * where they are no such steps, or nothing but RUN stands between them, so that all can simply be merged.
 */
export function moveEdit(
  instructions: readonly Instruction[],
  from: number,
  to: number,
): Edit | undefined {
  const start = instructions.findIndex(each => each.layerIndex === from);
  const end = instructions.findIndex(each => each.layerIndex === to);
  const commands = [start, end].map(at => shellCommand(instructions[at]?.text ?? ''));
  const between = instructions.slice(start + 1, end).map(each => instructionText(each.text));
  const isMovable = between.every(text => movedOver.test(text));
  const needsMove = instructions.slice(start + 1, end).some(each => each.layerIndex !== undefined);
  if (start < 0 || end < start || !isMovable || !needsMove) return undefined;
  if (!commands.every(command => command !== undefined)) return undefined;
  const texts = instructions.slice(start, end + 1).map(each => instructionText(each.text));
  return {
    edit: { replaces: texts, lines: [joined(commands), ...between] },
    explanation:
      'No step between the two brings or changes what the later one does, so it can be done at once. What its command reads cannot be seen: check that it needs nothing that is copied between.',
  };
}

/** How the step that made a layer has to change to leave files out. */
export function cleanUpEdit(
  instructions: readonly Instruction[],
  layerIndex: number,
  commands: readonly string[],
  category: WasteCategory,
): Edit {
  const made = instructions.find(each => each.layerIndex === layerIndex)?.text ?? '';
  const command = shellCommand(made);
  const text = instructionText(made);
  if (command !== undefined) {
    return {
      edit: { replaces: [text], lines: [joined([command, ...commands])] },
      explanation: 'Files that are removed in the step that makes them never come into a layer.',
    };
  }
  const pattern = category === 'debug-symbols' ? '**/*.pdb' : '<the files>';
  return {
    edit: { replaces: [], lines: [pattern] },
    explanation: `The files are copied (${text === '' ? 'no history' : text}): a line in .dockerignore keeps them out.`,
  };
}

/** The command of a RUN in shell form; undefined for other instructions and for the exec form. */
function shellCommand(text: string): string | undefined {
  const instruction = instructionText(text);
  const run = /^RUN\s+(.*)$/is.exec(instruction)?.[1]?.trim();
  if (run === undefined || run.startsWith('[') || run.startsWith('--') || run.includes('<<')) {
    return undefined;
  }
  return run;
}

// `&&` works in cmd, the shell of Windows images unless SHELL says otherwise, and in PowerShell 7.
function joined(commands: readonly string[]): string {
  return `RUN ${commands.join(' && ')}`;
}

/** The instruction behind what the builders write into a history. */
export function instructionText(text: string): string {
  const withoutMark = text.replace(/\s*# buildkit$/, '').trim();
  const classic = /^(?:cmd|powershell)\b.*?#\(nop\)\s+(.*)$/is.exec(withoutMark)?.[1];
  if (classic !== undefined) return classic.trim();
  const run = /^(?:RUN\s+)?cmd \/S \/C\s+(.*)$/is.exec(withoutMark)?.[1];
  return run === undefined ? withoutMark : `RUN ${run}`;
}
