import { createStore, type StoreApi } from 'zustand/vanilla';
import { failureOf, type Failure } from '../../../shared/failure.ts';
import type { StepView } from '../../stores/build-view.ts';
import { LogPages, pageLines, type ReadLog } from './log-pages.ts';

/** What is known of a log; the lines themselves are in `pages`, as far as they are at hand. */
export interface LogState {
  /** Lines of the build that can be shown. */
  readonly total: number;
  /** Lines by step. */
  readonly counts: ReadonlyMap<string, number>;
  /** Grows whenever lines came in. */
  readonly version: number;
  readonly failure?: Failure | undefined;
}

export interface LogModel {
  readonly state: StoreApi<LogState>;
  readonly pages: LogPages;
  /** Takes in what the log has grown to. Its end is read before it is shown, so that following it shows no gaps. */
  readonly update: (steps: readonly StepView[], told: number) => void;
  readonly close: () => void;
}

/** Lines before the end that are read along, for a view that ends with the last line. */
const viewLines = 100;
const tellPauseMs = 16;
const growPauseMs = 80;

/** Follows the log of one build. */
export function createLogModel(read: ReadLog): LogModel {
  const state = createStore<LogState>()(() => ({ total: 0, counts: new Map(), version: 0 }));
  const pages = new LogPages(read, tellLater);
  /** Steps that have ended and whose lines are all counted. */
  const complete = new Set<string>();
  let asked: { readonly steps: readonly StepView[]; readonly told: number } | undefined;
  let busy = false;
  const stop = new AbortController();
  let telling: ReturnType<typeof setTimeout> | undefined;

  /** Pages come in bursts; drawing after each of them would only draw the same rows again. */
  function tellLater(): void {
    telling ??= setTimeout(() => {
      telling = undefined;
      state.setState({ version: state.getState().version + 1 });
    }, tellPauseMs);
  }

  async function takeIn(steps: readonly StepView[], told: number): Promise<void> {
    const total = await readEnd(pages, undefined, Math.max(told, state.getState().total));
    const counts = new Map(state.getState().counts);
    const growing = steps.filter(
      step => step.state.kind !== 'waiting' && !complete.has(step.stepId),
    );
    for (const { stepId, state: step } of growing) {
      counts.set(stepId, await readEnd(pages, stepId, counts.get(stepId) ?? 0));
      if (step.kind !== 'running') complete.add(stepId);
    }
    if (!stop.signal.aborted) state.setState({ total, counts, failure: undefined });
  }

  async function work(): Promise<void> {
    busy = true;
    while (asked !== undefined && !stop.signal.aborted) {
      const { steps, told } = asked;
      asked = undefined;
      await takeIn(steps, told).catch((error: unknown) => {
        if (!stop.signal.aborted) state.setState({ failure: failureOf(error) });
      });
      // A log may grow a thousand times a second; nobody can see more than some of them.
      await new Promise(resolve => setTimeout(resolve, growPauseMs));
    }
    busy = false;
  }

  return {
    state,
    pages,
    update(steps, told) {
      asked = { steps, told };
      if (!busy) void work();
    },
    close() {
      stop.abort();
      clearTimeout(telling);
      pages.close();
    },
  };
}

/** Reads the last lines of a selection that has at least `known` lines. Gives how many it has. */
async function readEnd(
  pages: LogPages,
  stepId: string | undefined,
  known: number,
): Promise<number> {
  const first = Math.max(0, known - 1);
  const total = await pages.load(stepId, first);
  const last = Math.max(0, total - 1);
  if (pageOf(last) !== pageOf(first)) await pages.load(stepId, last);
  const before = Math.max(0, last - viewLines);
  if (pageOf(before) !== pageOf(last)) pages.line(stepId, before);
  return total;
}

function pageOf(line: number): number {
  return Math.floor(line / pageLines);
}
