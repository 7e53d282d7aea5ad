import type { Instruction } from '../../../../shared/dockerfile/ast.ts';
import type { Evaluation } from '../../../../shared/dockerfile/evaluation.ts';
import type { StepCacheStory } from '../../../../shared/ipc/step-cache.ts';
import type { StageBaseImage } from '../bases.ts';
import { stepIdOf } from '../plan.ts';
import type { PreparedStage } from '../prepare.ts';
import { chainIdOf, type StageImage } from '../stage-image.ts';
import type { StepBelow } from './differences.ts';
import type { StageBase } from './kept-inputs.ts';
import type { CachedStep } from './step-cache.ts';

/** What the cache has to know about a stage while it is built. */
export interface StageTrace {
  /** What FROM was taken from; undefined for `scratch`. */
  readonly baseStory: StepCacheStory | undefined;
  /** The step that does `instruction`, the stage's number `position` (FROM is 0). */
  step(position: number, instruction: Instruction, evaluation: Evaluation): CachedStep;
  /** Notes that the step made a layer, or took it from the cache. */
  layerMade(step: CachedStep, outcome: 'ran' | 'cached'): void;
}

export function createStageTrace({ stage, base }: PreparedStage, opened: StageImage): StageTrace {
  const below: StepBelow[] = [];
  const { index, name, baseText } = stage;
  const stageBase = baseOf(base, baseText, opened);
  return {
    baseStory: baseStory(stageBase),
    step: (position, { keyword, range, text }, { step, state }) => ({
      stepId: stepIdOf(stage, position),
      stage: { index, ...(name === undefined ? {} : { name }) },
      position,
      keyword,
      range,
      text,
      // A RUN hands its text to the shell as it is, with the whole environment.
      used: step.kind === 'run' ? {} : usedVariables(text, name => state.variables.get(name)),
      base: stageBase,
      below: below.at(-1)?.text,
      stepsBelow: [...below],
    }),
    layerMade: ({ stepId, text }, outcome) =>
      void below.push({ stepId, text, ran: outcome === 'ran' }),
  };
}

function baseOf(base: StageBaseImage, baseText: string, { image }: StageImage): StageBase {
  const chainId = chainIdOf(image);
  const digest = base.kind === 'image' ? base.image.descriptor.digest : chainId;
  return { reference: baseText, digest, chainId };
}

function baseStory({ reference, digest }: StageBase): StepCacheStory | undefined {
  return digest === undefined ? undefined : { kind: 'base', reference, digest };
}

/** The variables that a text names, as `$NAME` or `${NAME...}`, and that are set. */
function usedVariables(
  text: string,
  lookup: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  const used: Record<string, string> = {};
  for (const [, name = ''] of text.matchAll(/\$\{?([\p{L}_][\p{L}\p{N}_]*)/gu)) {
    const value = lookup(name);
    if (value !== undefined) used[name] = value;
  }
  return used;
}
