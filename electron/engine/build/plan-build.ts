import { AppError } from '../../../shared/failure.ts';
import type { Finding } from '../../../shared/dockerfile/finding.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { BuildPlanView, PlanFinding } from '../../../shared/ipc/build-views.ts';
import type { BlobReader } from '../content/blob-store.ts';
import { createBases } from './bases.ts';
import { failureText } from './failure-text.ts';
import type { BuildDeps } from './run-build.ts';
import { plannedStages, readPlan } from './plan.ts';
import { plannedSecrets } from './planned-secrets.ts';
import { prepareBuild } from './prepare.ts';

export interface PlanBuildDeps extends Pick<
  BuildDeps,
  'baseImages' | 'host' | 'buildPlatform' | 'standardInput' | 'hcs'
> {
  readonly blobs: BlobReader;
}

/**
 * Says what a build would do and what stands in its way, without building: what the editor and `--check` show. A
 * missing base, a RUN that nothing can run and mistakes are findings; fails only where no Dockerfile can be read.
 */
export async function planBuild(
  request: BuildRequest,
  deps: PlanBuildDeps,
  signal?: AbortSignal,
): Promise<BuildPlanView> {
  const plan = await readPlan(request, deps);
  const bases = createBases({ source: deps.baseImages, blobs: deps.blobs, host: deps.host });
  try {
    const quiet = { onPlan: () => undefined, onPull: () => () => undefined };
    const prepared = await prepareBuild(request, { ...deps, ...quiet, bases }, signal);
    return {
      stages: plannedStages(prepared.plan.stages),
      choice: prepared.choice,
      secrets: plannedSecrets(prepared.plan.stages.stages),
      findings: prepared.findings.map(planFinding),
    };
  } catch (error) {
    if (!(error instanceof AppError) || error.failure.code === 'cancelled') throw error;
    const findings = plan.findings.map(planFinding);
    return {
      stages: plannedStages(plan.stages),
      secrets: plannedSecrets(plan.stages.stages),
      findings: [...findings, ...findingsOf(error, findings)],
    };
  }
}

function planFinding({ severity, message, range, rule }: Finding): PlanFinding {
  return { severity, message, range, rule };
}

/** What stopped the preparation, unless it is said already. */
function findingsOf({ failure }: AppError, known: readonly PlanFinding[]): PlanFinding[] {
  if (failure.code === 'dockerfile-invalid') {
    const isNew = (message: string) => !known.some(finding => finding.message === message);
    return failure.problems
      .filter(({ message }) => isNew(message))
      .map(({ range, message }) => ({ severity: 'error', message, range }));
  }
  const range = 'range' in failure ? { range: failure.range } : {};
  return [{ severity: 'error', message: failureText(failure), rule: failure.code, ...range }];
}
