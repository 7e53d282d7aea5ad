import type { Failure } from '../../../shared/failure.ts';
import type { BuildEvent } from '../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { BuildStatus, BuildSummary } from '../../../shared/ipc/build-views.ts';

/** The summary of a build that has just begun, before its first event. `time` is in ms since 1970. */
export function newSummary(buildId: string, request: BuildRequest, time: number): BuildSummary {
  return {
    buildId,
    status: 'running',
    contextDir: request.contextDir,
    dockerfile: request.dockerfile ?? 'Dockerfile',
    tags: request.tags,
    ...(request.target === undefined ? {} : { target: request.target }),
    backend: request.backend === 'hcs' ? 'hcs' : 'portable',
    startedAt: time,
    steps: 0,
    cachedSteps: 0,
    logLines: 0,
  };
}

/**
 * The summary after one more event. The same object where the event changes nothing in it. `lastStage` is the stage whose
 * layers count.
 */
export function summaryAfter(
  summary: BuildSummary,
  event: BuildEvent,
  lastStage: number | undefined,
): BuildSummary {
  switch (event.kind) {
    case 'build-started':
      return { ...summary, backend: event.backend, dockerfile: event.dockerfile };
    case 'build-planned':
      return {
        ...summary,
        backend: event.choice?.backend ?? summary.backend,
        steps: event.stages.reduce((sum, { steps }) => sum + steps.length, 0),
      };
    case 'step-output':
      return { ...summary, logLines: summary.logLines + event.lines.length };
    case 'step-finished':
      return afterStep(summary, event, lastStage);
    case 'build-finished':
      return { ...summary, status: 'succeeded', finishedAt: event.time, result: event.result };
    case 'build-failed':
      return {
        ...summary,
        status: statusOf(event.failure),
        finishedAt: event.time,
        failure: event.failure,
      };
    case 'step-started':
    case 'step-progress':
    case 'step-warning':
    case 'step-kept':
    case 'step-failed':
      return summary;
  }
}

function statusOf({ code }: Failure): BuildStatus {
  return code === 'cancelled' ? 'cancelled' : 'failed';
}

function afterStep(
  summary: BuildSummary,
  { layer, outcome, stepId }: Extract<BuildEvent, { kind: 'step-finished' }>,
  lastStage: number | undefined,
): BuildSummary {
  const counts = stepId.split('.')[0] === String(lastStage);
  return {
    ...summary,
    cachedSteps: summary.cachedSteps + (outcome === 'cached' ? 1 : 0),
    layerBytes: (summary.layerBytes ?? 0) + (counts ? (layer?.compressedSize ?? 0) : 0),
  };
}

/** What a search of the list looks through. */
export function searchText(summary: BuildSummary): string {
  const parts = [summary.buildId, summary.contextDir, summary.dockerfile, ...summary.tags];
  return [...parts, summary.target ?? ''].join('\n').toLowerCase();
}
