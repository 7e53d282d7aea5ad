import type { BuildStage } from '../../../shared/dockerfile/stages.ts';
import type { OnTransferEvent } from '../../../shared/ipc/transfer-events.ts';
import { createStepReport, type Emit } from './event-stream.ts';
import { stepIdOf } from './plan.ts';

/** Tells the download of a stage's base as the progress of its FROM. Until something is to be downloaded, nothing. */
export function pullEvents(stage: BuildStage, emit: Emit): OnTransferEvent {
  const stepId = stepIdOf(stage, 0);
  const report = createStepReport(stepId, emit);
  const blobs = new Map<string, { readonly current: number; readonly total: number }>();
  return event => {
    if (event.kind === 'resolving') emit({ kind: 'step-started', stepId });
    if (event.kind === 'note') report.note(event.text);
    if (event.kind === 'planned') for (const blob of event.blobs) blobs.set(blob.digest, blob);
    if (event.kind !== 'blob') return;
    blobs.set(event.digest, event);
    const sum = (part: 'current' | 'total') =>
      blobs.values().reduce((bytes, blob) => bytes + blob[part], 0);
    const done = blobs.values().filter(({ current, total }) => current === total);
    report.progress({
      phase: 'pull',
      current: sum('current'),
      total: sum('total'),
      unit: 'bytes',
      detail: `${[...done].length} of ${blobs.size} blobs`,
    });
  };
}
