import type { Dockerfile } from './ast.ts';
import { planStages, type StagePlan } from './stages.ts';

/** Stages that no other needs are planned one by one; more than this are not worked out. */
const mostTargets = 40;
const platform = { os: 'windows', architecture: 'amd64' };

/** Plans that together hold every stage, whatever the target of a build will be; ARGs have their defaults. */
export function planEveryStage(dockerfile: Dockerfile): StagePlan[] {
  const plans: StagePlan[] = [];
  const planned = new Set<number>();
  const count = dockerfile.instructions.filter(({ keyword }) => keyword === 'FROM').length;
  for (let target = count - 1; target >= 0 && plans.length < mostTargets; target--) {
    if (planned.has(target)) continue;
    const plan = planStages(dockerfile, {
      target: String(target),
      buildArgs: {},
      targetPlatform: platform,
      buildPlatform: platform,
      namedContexts: [],
    });
    plans.push(plan);
    for (const stage of plan.stages) planned.add(stage.index);
    planned.add(target);
  }
  return plans;
}

/** What FROM of each stage comes to, by the stage's number; what cannot be worked out is absent. */
export function basesIn(plans: readonly StagePlan[]): Map<number, string> {
  const stages = plans.flatMap(plan => plan.stages);
  return new Map(stages.map(({ index, baseText }) => [index, baseText]));
}
