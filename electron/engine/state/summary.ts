import type { BuildEvent } from '../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../shared/ipc/build-request.ts';
import type { BuildSummary } from '../../../shared/ipc/build-views.ts';

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

/** The summary after one more event. The same object where the event changes nothing in it. */
export function summaryAfter(summary: BuildSummary, event: BuildEvent): BuildSummary {
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
      return event.outcome === 'cached'
        ? { ...summary, cachedSteps: summary.cachedSteps + 1 }
        : summary;
    case 'build-finished':
      return { ...summary, status: 'succeeded', finishedAt: event.time, result: event.result };
    case 'build-failed': {
      const status = event.failure.code === 'cancelled' ? 'cancelled' : 'failed';
      return { ...summary, status, finishedAt: event.time, failure: event.failure };
    }
    case 'step-started':
    case 'step-progress':
    case 'step-warning':
    case 'step-kept':
    case 'step-failed':
      return summary;
  }
}

/** What a search of the list looks through. */
export function searchText(summary: BuildSummary): string {
  const parts = [summary.buildId, summary.contextDir, summary.dockerfile, ...summary.tags];
  return [...parts, summary.target ?? ''].join('\n').toLowerCase();
}
