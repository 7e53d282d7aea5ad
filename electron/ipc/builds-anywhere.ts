import { AppError } from '../../shared/failure.ts';
import type { BuildRequest } from '../../shared/ipc/build-request.ts';
import type { BuildSummary } from '../../shared/ipc/build-views.ts';
import type { PipelineBuilds } from '../engine/pipeline/run-pipeline.ts';
import type { ElevatedBuilds, Elevation } from './elevated-builds.ts';

/** Builds of this process and those of the elevated engine, behind one face. */
export interface BuildsAnywhere extends PipelineBuilds {
  /** Fails with `elevation-refused` where rights are needed and the person says no. */
  start(request: BuildRequest, signal?: AbortSignal): Promise<string>;
  /** False where no such build runs. */
  cancel(buildId: string): Promise<boolean>;
}

/** How this process gets rights that it lacks. */
export interface Rightful {
  readonly builds: ElevatedBuilds;
  readonly isNeeded: Elevation['isNeeded'];
}

interface AnywhereParts {
  readonly builds: PipelineBuilds;
  /** Absent where no more rights can be had. */
  readonly elevated?: Rightful;
  /** What is on record of a build, whichever process made it. */
  readonly summaryOf: (buildId: string) => BuildSummary;
}

/** Builds run here, but where they need rights that this process lacks in the elevated engine. */
export function createBuildsAnywhere({
  builds,
  elevated,
  summaryOf,
}: AnywhereParts): BuildsAnywhere {
  return {
    async start(request, signal) {
      if (elevated && (await elevated.isNeeded(request)))
        return (await elevated.builds.start(request, signal)).buildId;
      return await builds.start(request);
    },
    // A build that has ended, or runs in a process of somebody else, has nothing to stop here.
    cancel: async buildId =>
      (await builds.cancel(buildId)) || ((await elevated?.builds.cancel(buildId)) ?? false),
    async settled(buildId) {
      if (!(await elevated?.builds.settled(buildId))) return await builds.settled(buildId);
      const summary = summaryOf(buildId);
      const isCutOff = summary.status === 'running' || summary.status === 'interrupted';
      if (isCutOff) throw new AppError({ code: 'engine-gone' });
      return summary;
    },
  };
}
