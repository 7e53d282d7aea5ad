import type { Dockerfile } from './ast.ts';
import { planStages } from './stages.ts';

/** Stages that no other needs are planned one by one; more than this are not worked out. */
const mostTargets = 40;
const platform = { os: 'windows', architecture: 'amd64' };

/** What FROM of each stage comes to, ARGs expanded with their defaults; those that cannot be worked out are absent. */
export function stageBases(dockerfile: Dockerfile): Map<number, string> {
  const bases = new Map<number, string>();
  const count = dockerfile.instructions.filter(({ keyword }) => keyword === 'FROM').length;
  for (let target = count - 1, plans = 0; target >= 0 && plans < mostTargets; target--) {
    if (bases.has(target)) continue;
    plans++;
    const { stages } = planStages(dockerfile, {
      target: String(target),
      buildArgs: {},
      targetPlatform: platform,
      buildPlatform: platform,
      namedContexts: [],
    });
    for (const { index, baseText } of stages) bases.set(index, baseText);
  }
  return bases;
}
