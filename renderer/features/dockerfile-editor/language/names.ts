import type { Instruction, Word } from '../../../../shared/dockerfile/ast.ts';
import type { Position, SourceRange } from '../../../../shared/source-range.ts';
import { contains, stageAt, type Analysis, type Stage } from './analysis.ts';

/** A name in the text: where it is given its meaning, or where it is used. */
export interface NameUse {
  readonly kind: 'stage' | 'variable';
  readonly name: string;
  readonly range: SourceRange;
  readonly isDefinition: boolean;
}

/** Everything that the name at a position means, in the order of the text; undefined where there is none. */
export function usesAt(analysis: Analysis, position: Position): readonly NameUse[] | undefined {
  const all = [...stageUses(analysis), ...variableUses(analysis)];
  const here = all.find(({ range }) => contains(range, position));
  if (here === undefined) return undefined;
  return all
    .filter(use => use.kind === here.kind && sameName(use.name, here.name))
    .toSorted(
      (a, b) =>
        a.range.start.line - b.range.start.line ||
        a.range.start.character - b.range.start.character,
    );
}

/** The name at a position. */
export function nameAt(analysis: Analysis, position: Position): NameUse | undefined {
  return usesAt(analysis, position)?.find(({ range }) => contains(range, position));
}

/** Where the name at a position gets its meaning: the last place before it, else the first. */
export function definitionOf(analysis: Analysis, position: Position): SourceRange | undefined {
  const uses = usesAt(analysis, position);
  const definitions = uses?.filter(({ isDefinition }) => isDefinition) ?? [];
  const before = definitions.findLast(({ range }) => range.start.line < position.line);
  return (before ?? definitions[0])?.range;
}

/** Why a name cannot be changed to `to`; undefined where it can. */
export function renameProblem(
  { kind, name }: NameUse,
  to: string,
  stages: readonly Stage[],
): string | undefined {
  if (kind === 'variable') {
    return /^[A-Za-z_]\w*$/.test(to)
      ? undefined
      : 'A variable has letters, digits and _, and does not start with a digit.';
  }
  if (!/^[a-z][a-z0-9_.-]*$/.test(to))
    return 'A stage name starts with a small letter and has small letters, digits, _, . and -.';
  const isTaken = to !== name && stages.some(stage => stage.name === to);
  return isTaken ? `There is a stage ${to} already.` : undefined;
}

/** Names of variables on Windows do not tell cases apart; those of stages never do. */
function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function stageUses({ stages, dockerfile }: Analysis): NameUse[] {
  const names = new Set(stages.flatMap(({ name }) => name ?? []));
  const use = (text: string, range: SourceRange, isDefinition = false): NameUse[] =>
    names.has(text.toLowerCase()) ? [{ kind: 'stage', name: text, range, isDefinition }] : [];
  return dockerfile.instructions.flatMap(instruction => {
    if (instruction.keyword === 'FROM') {
      const { image, stageName } = instruction;
      const given = stageName === undefined ? [] : use(stageName.text, stageName.range, true);
      return [...use(image.text, image.range), ...given];
    }
    if (instruction.keyword === 'COPY' && instruction.from !== undefined)
      return use(instruction.from.text, instruction.from.range);
    if (instruction.keyword !== 'RUN') return [];
    const fields = instruction.mounts.flatMap(({ fields }) => fields);
    return fields.flatMap(({ key, value }) =>
      key === 'from' && value !== undefined ? use(value.text, endOf(value)) : [],
    );
  });
}

/** A mount's field has one range for its key and its value. */
function endOf({ text, range: { start, end } }: Word): SourceRange {
  const character = Math.max(start.character, end.character - text.length);
  return { start: { line: end.line, character }, end };
}

function variableUses({ dockerfile, text }: Analysis): NameUse[] {
  const definitions = dockerfile.instructions.flatMap(definitionsIn);
  const lines = text.split('\n');
  const uses = dockerfile.instructions.flatMap(one => usesIn(one, lines));
  return [...definitions, ...uses];
}

function definitionsIn(instruction: Instruction): NameUse[] {
  const words =
    instruction.keyword === 'ARG'
      ? instruction.arguments.map(({ name }) => name)
      : instruction.keyword === 'ENV'
        ? instruction.pairs.map(({ name }) => name)
        : [];
  return words.map(({ text, range }) => ({
    kind: 'variable',
    name: text,
    range: { start: range.start, end: endOfName(range, text) },
    isDefinition: true,
  }));
}

function endOfName({ start }: SourceRange, text: string): Position {
  return { line: start.line, character: start.character + text.length };
}

/** Of RUN and its kin, what cmd and PowerShell call a variable counts as well. */
const dollar = /\$\{?([A-Za-z_]\w*)/g;
const inShells = /\$\{?(?:env:)?([A-Za-z_]\w*)|%([A-Za-z_]\w*)%/gi;

function usesIn(instruction: Instruction, lines: readonly string[]): NameUse[] {
  const isCommand = ['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK'].includes(instruction.keyword);
  const { start, end } = instruction.range;
  const uses: NameUse[] = [];
  for (let line = start.line; line <= end.line; line++) {
    for (const match of (lines[line] ?? '').matchAll(isCommand ? inShells : dollar)) {
      const name = match[1] ?? match[2] ?? '';
      const character = match.index + match[0].indexOf(name);
      const range = {
        start: { line, character },
        end: { line, character: character + name.length },
      };
      uses.push({ kind: 'variable', name, range, isDefinition: false });
    }
  }
  return uses;
}

/** Variables that can be used at a position, with their values: global ones in FROM, else those set above in the stage. */
export function variablesAt(
  analysis: Analysis,
  position: Position,
): ReadonlyMap<string, string | undefined> {
  const stage = stageAt(analysis, position);
  if (stage === undefined || contains(stage.from.range, position)) return analysis.globalArgs;
  const state = stateAt(analysis, stage, position);
  if (state === undefined) return new Map();
  const { declaredArgs, variables } = state;
  const names = new Set([...variables.names(), ...declaredArgs.keys()]);
  return new Map([...names].map(name => [name, variables.get(name)]));
}

/** The state of a stage before the line of a position. */
function stateAt({ outcomes }: Analysis, { instructions }: Stage, { line }: Position) {
  const above = instructions.findLast(({ range }) => range.start.line < line);
  if (above !== undefined) return outcomes.get(above)?.evaluation.state;
  const [first] = instructions;
  return first && outcomes.get(first)?.before;
}
