import type { Instruction } from './ast.ts';
import { evaluateCopyOrAdd } from './evaluate-copy.ts';
import { evaluateCommand, evaluateRun } from './evaluate-command.ts';
import {
  evaluateArg,
  evaluateEnv,
  evaluateExpose,
  evaluateHealthcheck,
  evaluateLabel,
  evaluateStopsignal,
  evaluateUser,
  evaluateVolume,
} from './evaluate-config.ts';
import { evaluateWorkdir } from './evaluate-workdir.ts';
import { Evaluator, type Evaluation } from './evaluation.ts';
import type { StageState } from './stage-state.ts';

/**
 * Works out one instruction of a stage: what is to be done, and the state behind it. Pure; all values come from
 * the state before the instruction. Never throws: an error is a finding, and the step is then `invalid`.
 */
export function evaluate(instruction: Instruction, state: StageState): Evaluation {
  const evaluator = new Evaluator(instruction, state);
  const { config } = state;
  switch (instruction.keyword) {
    case 'ADD':
    case 'COPY':
      return evaluateCopyOrAdd(instruction, evaluator);
    case 'ARG':
      return evaluateArg(instruction, evaluator);
    case 'CMD':
    case 'ENTRYPOINT':
      return evaluateCommand(instruction, evaluator);
    case 'ENV':
      return evaluateEnv(instruction, evaluator);
    case 'EXPOSE':
      return evaluateExpose(instruction, evaluator);
    case 'HEALTHCHECK':
      return evaluateHealthcheck(instruction, evaluator);
    case 'LABEL':
      return evaluateLabel(instruction, evaluator);
    case 'MAINTAINER':
      return evaluator.finish(`MAINTAINER ${instruction.name.text}`, {
        author: instruction.name.text,
      });
    case 'ONBUILD': {
      const OnBuild = [...(config.OnBuild ?? []), instruction.triggerText];
      return evaluator.finish(`ONBUILD ${instruction.triggerText}`, {
        config: { ...config, OnBuild },
      });
    }
    case 'RUN':
      return evaluateRun(instruction, evaluator);
    case 'SHELL': {
      const Shell = instruction.argv.map(word => word.text);
      return evaluator.finish(`SHELL [${Shell.join(' ')}]`, { config: { ...config, Shell } });
    }
    case 'STOPSIGNAL':
      return evaluateStopsignal(instruction, evaluator);
    case 'USER':
      return evaluateUser(instruction, evaluator);
    case 'VOLUME':
      return evaluateVolume(instruction, evaluator);
    case 'WORKDIR':
      return evaluateWorkdir(instruction, evaluator);
    case 'FROM':
    case 'INVALID':
      return evaluator.invalid();
  }
}
