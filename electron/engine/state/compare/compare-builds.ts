import type { BuildEvent } from '../../../../shared/ipc/build-events.ts';
import type { BuildRequest } from '../../../../shared/ipc/build-request.ts';
import type { BuildDetail, BuildSummary } from '../../../../shared/ipc/build-views.ts';
import type { BuildComparison, InputDifference } from '../../../../shared/ipc/history-views.ts';
import { pairSteps } from './pair-steps.ts';
import { stepRuns } from './step-runs.ts';

/** A build as it is on record. */
export interface BuildRecord extends BuildDetail {
  readonly events: readonly BuildEvent[];
}

/** Says in what two builds differ: what they were asked for, their steps, layers and times. */
export function compareBuilds(before: BuildRecord, after: BuildRecord): BuildComparison {
  const [earlier, later] = [before.summary, after.summary];
  const [earlierMs, laterMs] = [durationOf(earlier), durationOf(later)];
  return {
    before: earlier,
    after: later,
    inputs: inputDifferences(before.request, after.request),
    steps: pairSteps(stepRuns(before.events), stepRuns(after.events)),
    ...(earlierMs === undefined || laterMs === undefined ? {} : { slowerMs: laterMs - earlierMs }),
    ...(earlier.layerBytes === undefined || later.layerBytes === undefined
      ? {}
      : { largerBytes: later.layerBytes - earlier.layerBytes }),
    ...(earlier.result === undefined || later.result === undefined
      ? {}
      : { sameImage: earlier.result.manifestDigest === later.result.manifestDigest }),
  };
}

function durationOf({ finishedAt, startedAt }: BuildSummary): number | undefined {
  return finishedAt === undefined ? undefined : finishedAt - startedAt;
}

function inputDifferences(before: BuildRequest, after: BuildRequest): readonly InputDifference[] {
  const [left, right] = [flat(before), flat(after)];
  const fields = [...new Set([...left.keys(), ...right.keys()])].sort();
  return fields.flatMap(field => {
    const [old, now] = [left.get(field), right.get(field)];
    if (old === now) return [];
    return [
      {
        field,
        ...(old === undefined ? {} : { before: old }),
        ...(now === undefined ? {} : { after: now }),
      },
    ];
  });
}

/** The fields of a request as texts; those of records have a name such as `buildArgs.VERSION`. */
function flat(value: object, prefix = ''): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const [key, field] of Object.entries(value) as [string, unknown][]) {
    const name = `${prefix}${key}`;
    if (Array.isArray(field)) fields.set(name, field.join(', '));
    else if (typeof field === 'object' && field !== null) {
      for (const [inner, text] of flat(field, `${name}.`)) fields.set(inner, text);
    } else if (field !== undefined) fields.set(name, `${field as string | number | boolean}`);
  }
  return fields;
}
