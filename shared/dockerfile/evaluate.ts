import type { Instruction } from './ast.ts';
import { evaluateCommand, evaluateRun } from './evaluate-command.ts';
import { evaluateMetadata } from './evaluate-config.ts';
import { evaluateCopyOrAdd } from './evaluate-copy.ts';
import { evaluateWorkdir } from './evaluate-workdir.ts';
import { Evaluator, type Evaluation } from './evaluation.ts';
import type { StageState } from './stage-state.ts';

/**
 * Works out one instruction of a stage: what is to be done, and the state behind it. Pure; all values come from
 * the state before the instruction. Never throws: an error is a finding, and the step is then `invalid`.
 */
export function evaluate(instruction: Instruction, state: StageState): Evaluation {
  const evaluator = new Evaluator(instruction, state);
  switch (instruction.keyword) {
    case 'ADD':
    case 'COPY':
      return evaluateCopyOrAdd(instruction, evaluator);
    case 'CMD':
    case 'ENTRYPOINT':
      return evaluateCommand(instruction, evaluator);
    case 'RUN':
      return evaluateRun(instruction, evaluator);
    case 'WORKDIR':
      return evaluateWorkdir(instruction, evaluator);
    case 'FROM':
    case 'INVALID':
      return evaluator.invalid();
    default:
      return evaluateMetadata(instruction, evaluator);
  }
}
