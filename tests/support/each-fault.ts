import type { Doubles, FaultMode } from './doubles.ts';

/** One run of a scenario in which one call of Windows failed. */
export interface FaultyRun {
  readonly api: string;
  /** Which of the calls of it, from 0. */
  readonly call: number;
  readonly mode: FaultMode;
  /** What the scenario rejected with; undefined where it did not. */
  readonly error: unknown;
}

export interface FaultPlan {
  /** Does the whole work. `signal` is aborted when a call hangs. */
  readonly scenario: (signal: AbortSignal) => Promise<void>;
  /** The functions that fail, in turn. */
  readonly fails: (api: string) => boolean;
  readonly modes: readonly FaultMode[];
  readonly hresult: number;
  /** At most so many calls of each function; all where absent. */
  readonly callsOfEach?: number;
}

/** Functions of computecore.dll whose result comes through an operation. */
const operations = new Set([
  'HcsCreateComputeSystem',
  'HcsStartComputeSystem',
  'HcsTerminateComputeSystem',
  'HcsCreateProcess',
  'HcsTerminateProcess',
]);

/** Called on the main thread, as it never waits. */
const immediate = 'HcsCreateOperation';

/**
 * Runs a scenario once as it is and sees what it calls; then runs it for each of these calls and each way in which it may
 * fail, and gives each run to `judge` after it. The scenario must make the same calls each time.
 */
export async function forEachFault(
  doubles: Doubles,
  plan: FaultPlan,
  judge: (run: FaultyRun) => Promise<void>,
): Promise<number> {
  doubles.clearCalls();
  await plan.scenario(new AbortController().signal);
  const faults = faultsOf(doubles.calls(), plan);
  for (const { api, call, mode } of faults) {
    doubles.fail({ api, callsBefore: call, hresult: plan.hresult, mode });
    const error = await faultyRun(doubles, plan);
    const unmet = doubles.pendingFaults();
    doubles.forgetFaults();
    if (unmet > 0) throw new Error(`call ${call} of ${api} was not made again`);
    await judge({ api, call, mode, error });
  }
  return faults.length;
}

function faultsOf(log: readonly string[], { fails, modes, callsOfEach = Infinity }: FaultPlan) {
  const counts = new Map<string, number>();
  for (const line of log) {
    const api = line.slice(0, line.indexOf('('));
    if (fails(api)) counts.set(api, (counts.get(api) ?? 0) + 1);
  }
  return [...counts].flatMap(([api, count]) =>
    modes
      .filter(mode => mode !== 'result' || operations.has(api))
      .filter(mode => mode !== 'hang' || api !== immediate)
      .flatMap(mode =>
        Array.from({ length: Math.min(count, callsOfEach) }, (_, call) => ({ api, call, mode })),
      ),
  );
}

/** A call that hangs makes whoever waits for it give up; calls that cannot be cancelled are then let go. */
async function faultyRun(doubles: Doubles, plan: FaultPlan): Promise<unknown> {
  const controller = new AbortController();
  const watch = setInterval(() => {
    if (doubles.hanging() === 0) return;
    controller.abort();
    doubles.releaseHangs();
  }, 2);
  try {
    return await plan.scenario(controller.signal).then(
      () => undefined,
      (error: unknown) => error,
    );
  } finally {
    clearInterval(watch);
  }
}
