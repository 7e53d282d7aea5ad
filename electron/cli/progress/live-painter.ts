import type { BuildEvent } from '../../../shared/ipc/build-events.ts';
import type { Terminal } from '../terminal.ts';
import { liveStateAfter, newLiveState, type LiveState } from './live-state.ts';
import { drawLive, type Frame } from './live-view.ts';
import type { Progress } from './progress.ts';

const frameInterval = 100;

/** Redraws lines in place, ten times a second. */
export interface Painter {
  paintNow(): void;
  /** Paints a last time, with as many lines as there are: nothing follows that would have to go back over them. */
  end(): void;
}

export function createPainter(
  terminal: Terminal,
  draw: (frame: Frame) => readonly string[],
): Painter {
  let drawnLines = 0;

  function paint(rows: number): void {
    const { columns } = terminal.view;
    const lines = draw({ now: Date.now(), columns, rows });
    if (lines.length === 0) return;
    // Up to the first line of the last frame, and away with it (ECMA-48 CPL and ED).
    const back = drawnLines === 0 ? '' : `\u001b[${drawnLines}F\u001b[0J`;
    terminal.paint(`${back}${lines.join('\n')}\n`);
    drawnLines = lines.length;
  }

  const timer = setInterval(() => paint(terminal.view.rows), frameInterval);
  return {
    paintNow: () => paint(terminal.view.rows),
    end() {
      clearInterval(timer);
      paint(Infinity);
    },
  };
}

/** Shows the steps of a build in place. */
export function createLiveProgress(terminal: Terminal): Progress {
  let state: LiveState | undefined;
  const painter = createPainter(terminal, frame =>
    state === undefined ? [] : drawLive(state, frame),
  );
  return {
    show(event: BuildEvent) {
      state = liveStateAfter(state ?? newLiveState(event.time), event);
      // A build that is soon done shows its steps, too.
      if (event.kind === 'build-planned') painter.paintNow();
    },
    end: () => painter.end(),
  };
}
