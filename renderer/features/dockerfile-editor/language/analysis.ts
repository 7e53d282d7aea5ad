import type {
  Dockerfile,
  FromInstruction,
  Instruction,
} from '../../../../shared/dockerfile/ast.ts';
import { evaluate } from '../../../../shared/dockerfile/evaluate.ts';
import type { Evaluation } from '../../../../shared/dockerfile/evaluation.ts';
import { distinct, inOrder, type Finding } from '../../../../shared/dockerfile/finding.ts';
import { parseDockerfile } from '../../../../shared/dockerfile/parse.ts';
import { openStage, type StageState } from '../../../../shared/dockerfile/stage-state.ts';
import { planEveryStage } from '../../../../shared/dockerfile/plan-every-stage.ts';
import type { BuildStage, StagePlan } from '../../../../shared/dockerfile/stages.ts';
import { windowsFindings } from '../../../../shared/dockerfile/windows-lint.ts';
import type { Position, SourceRange } from '../../../../shared/source-range.ts';

/** A stage as it is written, with what its instructions come to. */
export interface Stage {
  readonly index: number;
  readonly name?: string;
  readonly from: FromInstruction;
  /** All behind FROM. */
  readonly instructions: readonly Instruction[];
  /** From FROM to the end of the last instruction. */
  readonly range: SourceRange;
  /** What FROM's argument comes to; absent where it could not be worked out. */
  readonly baseText?: string;
}

/** The state before an instruction, and what it comes to. */
export interface Outcome {
  readonly before: StageState;
  readonly evaluation: Evaluation;
}

/** What the editor knows of a Dockerfile. */
export interface Analysis {
  readonly text: string;
  readonly dockerfile: Dockerfile;
  readonly stages: readonly Stage[];
  readonly outcomes: ReadonlyMap<Instruction, Outcome>;
  readonly globalArgs: ReadonlyMap<string, string>;
  /** In the order of the text. */
  readonly findings: readonly Finding[];
}

/** Reads a Dockerfile and works out its values, as far as that goes without the base images. Never throws. */
export function analyze(text: string, depth: 'values' | 'syntax' = 'values'): Analysis {
  const dockerfile = parseDockerfile(text);
  const stages = stagesOf(dockerfile.instructions);
  const outcomes = new Map<Instruction, Outcome>();
  if (depth === 'syntax') {
    const { findings } = dockerfile;
    return { text, dockerfile, stages, outcomes, globalArgs: new Map(), findings };
  }
  const plans = planEveryStage(dockerfile);
  const bases = new Map<number, string>();
  for (const plan of plans) workOut(plan, outcomes, bases);
  const found = [
    ...dockerfile.findings,
    ...plans.flatMap(plan => plan.findings),
    ...[...outcomes.values()].flatMap(({ evaluation }) => certain(evaluation.findings)),
    ...windowsFindings({ text, dockerfile, bases, today: new Date().toISOString().slice(0, 10) }),
  ];
  return {
    text,
    dockerfile,
    stages: stages.map(stage => withBase(stage, bases.get(stage.index))),
    outcomes,
    globalArgs: plans[0]?.globalArgs ?? new Map(),
    findings: inOrder(distinct(found)),
  };
}

function withBase(stage: Stage, baseText: string | undefined): Stage {
  return baseText === undefined ? stage : { ...stage, baseText };
}

/**
 * Base images bring variables that nobody knows here. One that has no other explanation is not reported, and
 * neither is what follows from its being empty.
 */
function certain(findings: readonly Finding[]): readonly Finding[] {
  const isUnknown = ({ rule, message }: Finding) =>
    rule === 'undefined-var' && message.includes('Set it with ARG or ENV above');
  if (!findings.some(isUnknown)) return findings;
  return findings.filter(one => one.rule === 'undefined-var' && !isUnknown(one));
}

function stagesOf(instructions: readonly Instruction[]): Stage[] {
  const sections: { from: FromInstruction; instructions: Instruction[] }[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === 'FROM') sections.push({ from: instruction, instructions: [] });
    else sections.at(-1)?.instructions.push(instruction);
  }
  return sections.map(({ from, instructions }, index) => {
    const { end } = (instructions.at(-1) ?? from).range;
    const name = from.stageName?.text;
    const range = { start: from.range.start, end };
    return { index, from, instructions, range, ...(name === undefined ? {} : { name }) };
  });
}

function workOut(
  plan: StagePlan,
  outcomes: Map<Instruction, Outcome>,
  bases: Map<number, string>,
): void {
  const ends = new Map<number, StageState>();
  for (const stage of plan.stages) {
    bases.set(stage.index, stage.baseText);
    ends.set(stage.index, runStage(plan, stage, { ends, outcomes }));
  }
}

interface Worked {
  readonly ends: ReadonlyMap<number, StageState>;
  readonly outcomes: Map<Instruction, Outcome>;
}

function runStage(plan: StagePlan, stage: BuildStage, { ends, outcomes }: Worked): StageState {
  const earlier = stage.base.kind === 'stage' ? ends.get(stage.base.index) : undefined;
  let state = openStage(
    plan,
    stage,
    earlier === undefined ? { kind: 'image', config: {} } : { kind: 'stage', state: earlier },
  );
  for (const instruction of stage.instructions) {
    const evaluation = evaluate(instruction, state);
    outcomes.set(instruction, { before: state, evaluation });
    ({ state } = evaluation);
  }
  return state;
}

/** Whether `position` is in the range or at one of its ends. */
export function contains(range: SourceRange, position: Position): boolean {
  return !isBefore(position, range.start) && !isBefore(range.end, position);
}

/** Whether a position comes earlier in the text than another. */
function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

/** The instruction that a position is in. */
export function instructionAt(analysis: Analysis, position: Position): Instruction | undefined {
  return analysis.dockerfile.instructions.find(({ range }) => contains(range, position));
}

/** The stage that a position is in or behind; undefined above the first. */
export function stageAt(analysis: Analysis, position: Position): Stage | undefined {
  return analysis.stages.findLast(({ from }) => !isBefore(position, from.range.start));
}
