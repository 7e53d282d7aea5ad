import type { Instruction } from '../../../../shared/dockerfile/ast.ts';
import type { Finding, Fix } from '../../../../shared/dockerfile/finding.ts';
import { contains, instructionAt, type Analysis } from './analysis.ts';

/** What can be done about a finding: its own fix first, then what takes the whole file to know. */
export function fixesFor(analysis: Analysis, finding: Finding): readonly Fix[] {
  const own = finding.fix === undefined ? [] : [finding.fix];
  const more = fixers[finding.rule]?.(analysis, finding) ?? [];
  return [...own, ...more].filter(
    (fix, index, all) => all.findIndex(({ title }) => title === fix.title) === index,
  );
}

type Fixer = (analysis: Analysis, finding: Finding) => readonly Fix[];

const fixers: Readonly<Record<string, Fixer>> = {
  'backslash-escapes': (analysis, finding) => [
    ...forwardSlashes(analysis, finding),
    ...escapeDirective(analysis),
  ],
  'swallowed-instruction': escapeDirective,
  'json-args-recommended': execForm,
  'duplicate-stage-name': renameStage,
  'multiple-instructions-disallowed': removeInstruction,
  'maintainer-deprecated': maintainerLabel,
  'undefined-var': declareArg,
  'unknown-instruction': meantInstruction,
  'workdir-relative-path': forwardSlashes,
};

/** Backslashes in paths then mean themselves (Dockerfile reference, "escape"). */
function escapeDirective({ dockerfile, text }: Analysis): Fix[] {
  if (dockerfile.escape === '`') return [];
  const written = dockerfile.directives.find(({ name }) => name === 'escape');
  const lines = text.split('\n');
  const continued = dockerfile.instructions.flatMap(one => continuations(one, lines));
  const start = { line: 0, character: 0 };
  const directive =
    written === undefined
      ? { range: { start, end: start }, newText: '# escape=`\n' }
      : { range: written.value.range, newText: '`' };
  return [{ title: 'Use ` as the escape character', edits: [directive, ...continued] }];
}

/** The marks at line ends that do continue a line: a blank stands before them, where a path has none. */
function continuations(instruction: Instruction, lines: readonly string[]): Fix['edits'] {
  const { start, end } = instruction.range;
  const heredocs =
    instruction.keyword === 'RUN' || instruction.keyword === 'COPY' || instruction.keyword === 'ADD'
      ? heredocLine(instruction)
      : end.line;
  const edits: Fix['edits'][number][] = [];
  for (let line = start.line; line < Math.min(end.line, heredocs); line++) {
    const character = /(?<=^|\s)\\\s*$/.exec(lines[line] ?? '')?.index;
    if (character === undefined) continue;
    const range = { start: { line, character }, end: { line, character: character + 1 } };
    edits.push({ range, newText: '`' });
  }
  return edits;
}

/** The first line of an instruction's here-documents, or a line behind everything. */
function heredocLine(
  instruction: Extract<Instruction, { keyword: 'RUN' | 'COPY' | 'ADD' }>,
): number {
  const heredocs =
    instruction.keyword === 'RUN'
      ? instruction.heredocs
      : instruction.sources.flatMap(source => (source.kind === 'heredoc' ? [source.heredoc] : []));
  return Math.min(...heredocs.map(({ range }) => range.start.line), Infinity);
}

function forwardSlashes({ text }: Analysis, { range }: Finding): Fix[] {
  if (range.start.line !== range.end.line) return [];
  const line = text.split('\n', range.start.line + 1)[range.start.line] ?? '';
  const written = line.slice(range.start.character, range.end.character);
  if (!/^[\w.:\\-]*\\[\w.:\\-]+$/.test(written)) return [];
  const newText = written.replace(/\\+/g, '/');
  return [{ title: `Write ${newText}`, edits: [{ range, newText }] }];
}

/** Only a line of plain words: a shell's own syntax means nothing without the shell. */
function execForm(analysis: Analysis, { range }: Finding): Fix[] {
  const instruction = instructionAt(analysis, range.start);
  if (instruction?.keyword !== 'CMD' && instruction?.keyword !== 'ENTRYPOINT') return [];
  const { command } = instruction;
  if (command.form !== 'shell' || /["'%&|<>^$`!()]/.test(command.line.text)) return [];
  const argv = command.line.text.trim().split(/\s+/);
  const json = `[${argv.map(word => JSON.stringify(word)).join(', ')}]`;
  return [{ title: `Write ${json}`, edits: [{ range: command.line.range, newText: json }] }];
}

function renameStage({ stages }: Analysis, { range }: Finding): Fix[] {
  const stage = stages.find(
    ({ from }) => from.stageName !== undefined && contains(from.stageName.range, range.start),
  );
  if (stage?.name === undefined) return [];
  const taken = new Set(stages.map(({ name }) => name));
  let number = 2;
  while (taken.has(`${stage.name}${number}`)) number++;
  const newText = `${stage.name}${number}`;
  return [{ title: `Rename this stage to ${newText}`, edits: [{ range, newText }] }];
}

function removeInstruction(analysis: Analysis, { range }: Finding): Fix[] {
  const instruction = instructionAt(analysis, range.start);
  if (instruction === undefined) return [];
  const { start, end } = instruction.range;
  const lines = {
    start: { line: start.line, character: 0 },
    end: end.character === 0 ? end : { line: end.line + 1, character: 0 },
  };
  return [{ title: `Remove this ${instruction.keyword}`, edits: [{ range: lines, newText: '' }] }];
}

function maintainerLabel(analysis: Analysis, { range }: Finding): Fix[] {
  const instruction = instructionAt(analysis, range.start);
  if (instruction?.keyword !== 'MAINTAINER') return [];
  const newText = `LABEL org.opencontainers.image.authors=${JSON.stringify(instruction.name.text)}`;
  return [{ title: 'Use a LABEL', edits: [{ range: instruction.range, newText }] }];
}

/** An argument from above the first FROM has to be declared in each stage that uses it. */
function declareArg(analysis: Analysis, { message, range }: Finding): Fix[] {
  const name = /Declare it in this stage: ARG (\w+)\./.exec(message)?.[1];
  const instruction = instructionAt(analysis, range.start);
  if (name === undefined || instruction === undefined) return [];
  const { start } = instruction.range;
  const edits = [{ range: { start, end: start }, newText: `ARG ${name}\n` }];
  return [{ title: `Add ARG ${name} above`, edits }];
}

function meantInstruction(_: Analysis, { message, range }: Finding): Fix[] {
  const newText = /Did you mean (\w+)\?/.exec(message)?.[1];
  return newText === undefined ? [] : [{ title: `Write ${newText}`, edits: [{ range, newText }] }];
}
