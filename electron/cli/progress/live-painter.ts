import type { BuildEvent } from '../../../shared/ipc/build-events.ts';
import type { Terminal } from '../terminal.ts';
import { liveStateAfter, newLiveState, type LiveState } from './live-state.ts';
import { drawLive } from './live-view.ts';
import type { Progress } from './progress.ts';

const frameInterval = 100;

/** Redraws the steps in place, ten times a second. */
export function createLiveProgress(terminal: Terminal): Progress {
  let state: LiveState | undefined;
  let drawnLines = 0;

  function draw(rows: number): void {
    if (state === undefined) return;
    const { columns } = terminal.view;
    const lines = drawLive(state, { now: Date.now(), columns, rows });
    // Up to the first line of the last frame, and away with it (ECMA-48 CPL and ED).
    const back = drawnLines === 0 ? '' : `\u001b[${drawnLines}F\u001b[0J`;
    terminal.paint(`${back}${lines.join('\n')}\n`);
    drawnLines = lines.length;
  }

  const timer = setInterval(() => draw(terminal.view.rows), frameInterval);
  return {
    show(event: BuildEvent) {
      state = liveStateAfter(state ?? newLiveState(event.time), event);
      // A build that is soon done shows its steps, too.
      if (event.kind === 'build-planned') draw(terminal.view.rows);
    },
    end() {
      clearInterval(timer);
      // Nothing follows that would have to go back over it, so all steps can be shown.
      draw(Infinity);
    },
  };
}
