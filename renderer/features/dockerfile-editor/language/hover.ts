import type { Instruction, Word } from '../../../../shared/dockerfile/ast.ts';
import {
  commandOfContainer,
  commandOfRun,
  type EffectiveCommand,
} from '../../../../shared/dockerfile/effective-command.ts';
import type { ResolvedStep } from '../../../../shared/dockerfile/resolved-step.ts';
import type { StageState } from '../../../../shared/dockerfile/stage-state.ts';
import type { Position, SourceRange } from '../../../../shared/source-range.ts';
import { contains, instructionAt, type Analysis } from './analysis.ts';
import { nameAt, variablesAt, type NameUse } from './names.ts';
import { directiveReference, referenceOf } from './reference.ts';

/** What is said about a place: paragraphs of text and of code. */
export interface HoverText {
  readonly range: SourceRange;
  readonly parts: readonly { readonly kind: 'text' | 'code'; readonly value: string }[];
}

const text = (value: string) => ({ kind: 'text', value }) as const;
const code = (value: string) => ({ kind: 'code', value: value.slice(0, 4000) }) as const;

/** What there is to say about a position. */
export function hoverAt(analysis: Analysis, position: Position): HoverText | undefined {
  const directive = analysis.dockerfile.directives.find(({ range }) => contains(range, position));
  if (directive !== undefined) {
    const { name, range } = directive;
    return { range, parts: [text(directiveReference[name] ?? '')] };
  }
  const instruction = instructionAt(analysis, position);
  if (instruction === undefined) return undefined;
  return (
    keywordHover(instruction, position) ??
    flagHover(analysis, instruction, position) ??
    nameHover(analysis, position) ??
    valueHover(analysis, instruction, position)
  );
}

function keywordHover({ written, keywordRange }: Instruction, position: Position) {
  const reference = referenceOf(written);
  if (reference === undefined || !contains(keywordRange, position)) return undefined;
  return { range: keywordRange, parts: [code(reference.syntax), text(reference.text)] };
}

function flagHover(
  analysis: Analysis,
  { flags, written }: Instruction,
  position: Position,
): HoverText | undefined {
  const flag = flags.find(({ range }) => contains(range, position));
  const known = referenceOf(written)?.flags.find(one => one.flag === flag?.name);
  if (flag === undefined || known === undefined) return undefined;
  const named = contains(flag.valueRange, position) ? nameHover(analysis, position) : undefined;
  return named ?? { range: flag.range, parts: [code(`--${known.flag}`), text(known.text)] };
}

function nameHover(analysis: Analysis, position: Position): HoverText | undefined {
  const use = nameAt(analysis, position);
  if (use === undefined) return undefined;
  return use.kind === 'stage' ? stageHover(analysis, use) : variableHover(analysis, use);
}

function stageHover({ stages }: Analysis, { name, range }: NameUse): HoverText | undefined {
  const stage = stages.findLast(one => one.name === name.toLowerCase());
  if (stage === undefined) return undefined;
  const { from, instructions, index } = stage;
  const count = `Stage ${index} with ${instructions.length} instructions behind its FROM.`;
  return { range, parts: [code(from.text), text(count)] };
}

function variableHover(analysis: Analysis, use: NameUse): HoverText | undefined {
  const at = use.isDefinition ? { line: use.range.start.line + 1, character: 0 } : use.range.start;
  const values = variablesAt(analysis, at);
  const found = [...values].find(([name]) => name.toLowerCase() === use.name.toLowerCase());
  const value = found?.[1] ?? (use.isDefinition ? analysis.globalArgs.get(use.name) : undefined);
  // What a shell calls a variable may be known only when it runs.
  if (found === undefined && value === undefined) return undefined;
  return {
    range: use.range,
    parts:
      value === undefined
        ? [text(`${use.name} has no value unless the build is given one.`)]
        : [code(`${use.name}=${value}`)],
  };
}

function valueHover(
  analysis: Analysis,
  instruction: Instruction,
  position: Position,
): HoverText | undefined {
  const { keyword, range } = instruction;
  if (keyword === 'FROM') return baseHover(analysis, instruction.image, position);
  const outcome = analysis.outcomes.get(instruction);
  if (outcome === undefined) return undefined;
  const { step, state } = outcome.evaluation;
  if (keyword === 'WORKDIR')
    return { range: instruction.path.range, parts: placeParts(step, instruction.path.text) };
  if (keyword === 'COPY' || keyword === 'ADD') return copyHover(instruction, step, position);
  const command = commandOf(keyword, step, state.config);
  if (command === undefined) return undefined;
  const words = keyword === 'RUN' ? 'What Windows is asked to start:' : 'What a container starts:';
  return { range, parts: [text(words), code(command.commandLine), ...receivedParts(command)] };
}

const readerWords = {
  cmd: 'What cmd runs:',
  powershell: 'What PowerShell runs:',
  program: 'What the program gets as arguments:',
} as const;

/** What comes of the line behind the program's name, and what surprises people about it. */
function receivedParts({ reader, received, notes }: EffectiveCommand): HoverText['parts'] {
  const shown = received.join('\n');
  return [...(shown === '' ? [] : [text(readerWords[reader]), code(shown)]), ...notes.map(text)];
}

function baseHover({ stages }: Analysis, image: Word, position: Position): HoverText | undefined {
  const stage = stages.find(({ from }) => from.image === image);
  if (stage?.baseText === undefined || !contains(image.range, position)) return undefined;
  return { range: image.range, parts: [text('The base image:'), code(stage.baseText)] };
}

function copyHover(
  instruction: Extract<Instruction, { keyword: 'COPY' | 'ADD' }>,
  step: ResolvedStep,
  position: Position,
): HoverText | undefined {
  const { destination } = instruction;
  if (contains(destination.range, position))
    return { range: destination.range, parts: placeParts(step, destination.text) };
  const source = instruction.sources.findIndex(
    one => one.kind === 'path' && contains(one.path.range, position),
  );
  const written = instruction.sources[source];
  const resolved = step.kind === 'copy' || step.kind === 'add' ? step.sources[source] : undefined;
  if (written?.kind !== 'path' || resolved?.kind !== 'path') return undefined;
  const path = resolved.path === '' ? '.' : resolved.path;
  const where =
    instruction.keyword === 'COPY' && instruction.from
      ? instruction.from.text
      : 'the build context';
  return { range: written.path.range, parts: [text(`From ${where}:`), code(path)] };
}

function placeParts(step: ResolvedStep, written: string): HoverText['parts'] {
  if (step.kind !== 'copy' && step.kind !== 'add' && step.kind !== 'workdir')
    return [text(`${written} is no place in the image: see the problem here.`)];
  const { path, isFolder } = step.destination;
  const windows = `C:\\${path.replaceAll('/', '\\')}${isFolder && path !== '' && step.kind !== 'workdir' ? '\\' : ''}`;
  return [text('In the image:'), code(windows)];
}

function commandOf(
  keyword: Instruction['keyword'],
  step: ResolvedStep,
  config: StageState['config'],
): EffectiveCommand | undefined {
  if (step.kind === 'run') return commandOfRun(step);
  if (step.kind === 'invalid') return undefined;
  return keyword === 'CMD' || keyword === 'ENTRYPOINT' ? commandOfContainer(config) : undefined;
}
