import type { MountFlag, RunInstruction } from '../../../../../shared/dockerfile/ast.ts';
import type { Mount } from '../../../../../shared/dockerfile/mount.ts';
import type { RunStep } from '../../../../../shared/dockerfile/resolved-step.ts';
import type { BuildStage } from '../../../../../shared/dockerfile/stages.ts';
import { AppError, explain } from '../../../../../shared/failure.ts';
import type { RunOptions } from '../../../../../shared/ipc/build-request.ts';
import type { TransferEvent } from '../../../../../shared/ipc/transfer-events.ts';
import type { Platform } from '../../../../../shared/oci/descriptor.ts';
import { platformOf } from '../../../../../shared/oci/image.ts';
import { parsePlatform } from '../../../../../shared/oci/platform.ts';
import type { SourceRange } from '../../../../../shared/source-range.ts';
import type { StageBaseImage } from '../../bases.ts';
import type { BuildPlan } from '../../plan.ts';
import type { PreparedStage } from '../../prepare.ts';
import { mountTarget } from './mounts/mount-target.ts';
import type { HcsSupport } from './support.ts';

interface Refusal {
  readonly problem: string;
  readonly advice: string;
}

/** Refuses what Windows containers do not have, as far as the text of the Dockerfile says it. */
export function checkRuns(file: string, stages: readonly BuildStage[]): void {
  for (const stage of stages) {
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== 'RUN') continue;
      const refusal = refusalOf(instruction, stage);
      if (refusal) throw refused(file, instruction.range, refusal);
    }
  }
}

function refusalOf(
  { network, security, mounts }: RunInstruction,
  stage: BuildStage,
): Refusal | undefined {
  if (stage.base.kind === 'scratch')
    return {
      problem: 'RUN needs a Windows to run in, and scratch is empty.',
      advice: 'Begin the stage with FROM a Windows base image, and COPY --from the result.',
    };
  if (network === 'host')
    return {
      problem: 'A Windows container cannot share the network of its host.',
      advice: 'Leave --network=host out: the default network reaches the host and beyond by NAT.',
    };
  if (security === 'insecure')
    return {
      problem: 'Windows containers have no insecure mode.',
      advice: 'Leave --security=insecure out.',
    };
  return mounts
    .map(writtenType)
    .map(typeRefusal)
    .find(found => found !== undefined);
}

function writtenType({ fields }: MountFlag): string {
  return fields.findLast(({ key }) => key === 'type')?.value?.text.toLowerCase() ?? 'bind';
}

function typeRefusal(type: string): Refusal | undefined {
  if (type === 'tmpfs')
    return {
      problem: 'Windows has no tmpfs, so RUN --mount=type=tmpfs cannot be done.',
      advice: 'Use type=cache for files that no layer shall hold, or delete them in the same RUN.',
    };
  if (type === 'ssh')
    return {
      problem:
        'RUN --mount=type=ssh needs the socket of an agent, which a Windows container cannot be given.',
      advice: 'Use type=secret for a key or token.',
    };
  return undefined;
}

/** Refuses what is only known once the variables of the RUNs have their values. */
export function checkRunSteps(
  file: string,
  stages: readonly PreparedStage[],
  { secrets }: RunOptions,
): void {
  for (const { stage, evaluations } of stages) {
    for (const [at, { step }] of evaluations.entries()) {
      if (step.kind !== 'run') continue;
      const range = stage.instructions[at]?.range ?? stage.from.range;
      for (const { mount } of step.mounts) {
        const refusal = typeRefusal(mount.type) ?? mountRefusal(mount, step, secrets);
        if (refusal) throw refused(file, range, refusal);
      }
    }
  }
}

function mountRefusal(
  mount: Mount,
  { workingDir }: RunStep,
  secrets: RunOptions['secrets'],
): Refusal | undefined {
  if (mount.type === 'secret' && mount.required && !Object.hasOwn(secrets, mount.secretId)) {
    const { secretId } = mount;
    return {
      problem: `The secret "${secretId}" is required, and the build was not given it.`,
      advice: `Give it with --secret id=${secretId},src=<file> or --secret id=${secretId},env=<variable>.`,
    };
  }
  const target = mountTarget(mount, workingDir);
  if (target === undefined || target.kind === 'inside') return undefined;
  return {
    problem: `The mount target cannot be used: ${target.reason}.`,
    advice: 'Write a folder on drive C:.',
  };
}

/** Looks at the bases of stages with RUN: first at what is known of them before they are downloaded. */
export interface IsolationCheck {
  resolved(stage: BuildStage, event: Extract<TransferEvent, { kind: 'resolved' }>): void;
  base(stage: BuildStage, base: StageBaseImage | undefined): void;
}

/** Fails with `run-refused` where a base cannot run here in the wanted isolation. */
export function checkIsolation(
  { file, stages: { stages } }: BuildPlan,
  { isolation }: RunOptions,
  support: HcsSupport | undefined,
): IsolationCheck {
  const needed = basesWithRun(stages);
  const check = (stage: BuildStage, platform: Platform): void => {
    try {
      support?.isolation(platform, isolation);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { message, advice = '' } = explain(error.failure);
      const problem = `${stage.baseText} cannot run here: ${message}`;
      throw refused(file, stage.from.range, { problem, advice });
    }
  };
  return {
    resolved(stage, { considered }) {
      const chosen = considered.find(image => image.chosen);
      if (chosen && needed.has(stage.index)) check(stage, parsePlatform(chosen.platform));
    },
    base(stage, base) {
      if (base?.kind === 'image' && needed.has(stage.index))
        check(stage, platformOf(base.image.config));
    },
  };
}

/** Numbers of the stages whose base is run, by themselves or by a stage that goes on from them. */
function basesWithRun(stages: readonly BuildStage[]): ReadonlySet<number> {
  const byIndex = new Map(stages.map(stage => [stage.index, stage]));
  const needed = new Set<number>();
  for (const { index, instructions } of stages) {
    if (!instructions.some(({ keyword }) => keyword === 'RUN')) continue;
    let at: BuildStage | undefined = byIndex.get(index);
    while (at?.base.kind === 'stage') at = byIndex.get(at.base.index);
    if (at) needed.add(at.index);
  }
  return needed;
}

function refused(file: string, range: SourceRange, { problem, advice }: Refusal): AppError {
  return new AppError({
    code: 'run-refused',
    file,
    range,
    problem,
    ...(advice === '' ? {} : { advice }),
  });
}
