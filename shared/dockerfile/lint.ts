import type { Instruction } from './ast.ts';
import { info, replaceWith, warning, type Report } from './finding.ts';
import { warnSecrets } from './parse-pairs.ts';

/** Looks over all instructions for what Docker's build checks report, as far as no values are needed. */
export function lint(instructions: readonly Instruction[], report: Report): void {
  lintCasing(instructions, report);
  lintStageNames(instructions, report);
  lintRepeated(instructions, report);
  lintShellForm(instructions, report);
  for (const instruction of instructions) warnSecrets(instruction, report);
}

function lintCasing(instructions: readonly Instruction[], report: Report): void {
  let balance = 0;
  for (const { written } of instructions) {
    if (written === written.toUpperCase()) balance++;
    else if (written === written.toLowerCase()) balance--;
  }
  const wantsUpper = balance >= 0;
  for (const { keyword, written, keywordRange } of instructions) {
    const wanted = wantsUpper ? written.toUpperCase() : written.toLowerCase();
    if (keyword === 'INVALID' || written === wanted) continue;
    const message = `${written} should be written ${wanted}, like most instructions of this file.`;
    const fix = replaceWith(`Write ${wanted}`, keywordRange, wanted);
    report(warning('consistent-instruction-casing', keywordRange, message, fix));
  }
}

function lintStageNames(instructions: readonly Instruction[], report: Report): void {
  const seen = new Set<string>();
  for (const instruction of instructions) {
    if (instruction.keyword !== 'FROM' || instruction.stageName === undefined) continue;
    const { text, range } = instruction.stageName;
    if (seen.has(text)) {
      report(
        warning(
          'duplicate-stage-name',
          range,
          `The stage name ${text} is used twice. Choose another name.`,
        ),
      );
    }
    seen.add(text);
  }
}

/** Of several CMD, ENTRYPOINT or HEALTHCHECK of a stage only the last counts; the others are reported. */
function lintRepeated(instructions: readonly Instruction[], report: Report): void {
  const previous = new Map<string, Instruction>();
  for (const instruction of instructions) {
    const { keyword } = instruction;
    if (keyword === 'FROM') previous.clear();
    if (keyword !== 'CMD' && keyword !== 'ENTRYPOINT' && keyword !== 'HEALTHCHECK') continue;
    const earlier = previous.get(keyword);
    previous.set(keyword, instruction);
    if (earlier === undefined) continue;
    const message = `A later ${keyword} of this stage replaces this one. Remove one of them.`;
    report(warning('multiple-instructions-disallowed', earlier.range, message));
  }
}

/** The shell becomes the container's main process. On Windows that costs little, so it is only mentioned. */
function lintShellForm(instructions: readonly Instruction[], report: Report): void {
  let hasShell = false;
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') hasShell = false;
    if (instruction.keyword === 'SHELL') hasShell = true;
    if (instruction.keyword !== 'CMD' && instruction.keyword !== 'ENTRYPOINT') continue;
    if (hasShell || instruction.command.form === 'exec' || instruction.command.line.text === '')
      continue;
    const message = `A shell will run this ${instruction.keyword}. Write it as a JSON array to start the program itself.`;
    report(info('json-args-recommended', instruction.range, message));
  }
}
