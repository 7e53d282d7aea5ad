import type { BuildEvent, BuildEventBody, BuildPhase } from '../../../shared/ipc/build-events.ts';

/** Where the events of one build go: they get their number and time here. */
export type Emit = (body: BuildEventBody) => void;

/**
 * Numbers events from 0 without a gap. That a step starts is told once: FROM has started already where its base was
 * pulled.
 */
export function createEmit(onEvent: (event: BuildEvent) => void): Emit {
  const started = new Set<string>();
  let seq = 0;
  return body => {
    if (body.kind === 'step-started') {
      if (started.has(body.stepId)) return;
      started.add(body.stepId);
    }
    onEvent({ ...body, seq: seq++, time: Date.now() });
  };
}

type Progress = Omit<Extract<BuildEventBody, { kind: 'step-progress' }>, 'kind' | 'stepId'>;

/** What a step tells about itself while it runs. */
export interface StepReport {
  /** Says how far it is; at most ten times a second reach the listener. */
  progress(progress: Progress): void;
  note(line: string): void;
  /** What the program of the step wrote. */
  output(stream: 'stdout' | 'stderr', lines: readonly string[]): void;
  /** Runs `work` and counts its time as that of `phase`. */
  timed<T>(phase: BuildPhase, work: () => Promise<T>): Promise<T>;
  /** Adds time (in ms) that was measured elsewhere. */
  spent(phase: BuildPhase, ms: number): void;
  /** Times so far, in whole ms. */
  phases(): { readonly [P in BuildPhase]?: number };
}

const progressIntervalMs = 100;

/** Opens the report of a step. */
export function createStepReport(stepId: string, emit: Emit): StepReport {
  const spent = new Map<BuildPhase, number>();
  let lastProgress = -Infinity;
  const add = (phase: BuildPhase, ms: number) =>
    void spent.set(phase, (spent.get(phase) ?? 0) + ms);
  return {
    progress(progress) {
      const now = performance.now();
      if (now - lastProgress < progressIntervalMs) return;
      lastProgress = now;
      emit({ kind: 'step-progress', stepId, ...progress });
    },
    note: line => emit({ kind: 'step-output', stepId, stream: 'note', lines: [line] }),
    output: (stream, lines) => emit({ kind: 'step-output', stepId, stream, lines }),
    async timed(phase, work) {
      const start = performance.now();
      try {
        return await work();
      } finally {
        add(phase, performance.now() - start);
      }
    },
    spent: add,
    phases: () => Object.fromEntries([...spent].map(([phase, ms]) => [phase, Math.round(ms)])),
  };
}
