import type { BuildEvent } from '../../../shared/ipc/build-events.ts';
import type { Terminal } from '../terminal.ts';
import { createLiveProgress } from './live-painter.ts';
import { PlainProgress } from './plain.ts';

export type ProgressKind = 'auto' | 'plain' | 'json' | 'quiet';

/** Shows a build while it runs. */
export interface Progress {
  show(event: BuildEvent): void;
  /** Shows what is left to show. */
  end(): void;
}

/** `auto` redraws in place where the terminal can, and is `plain` elsewhere; `json` writes events to the output. */
export function createProgress(kind: ProgressKind, terminal: Terminal): Progress {
  switch (kind) {
    case 'auto':
      return terminal.view.live ? createLiveProgress(terminal) : createPlainProgress(terminal);
    case 'plain':
      return createPlainProgress(terminal);
    case 'json':
      return { show: event => terminal.json(event), end: () => undefined };
    case 'quiet':
      return { show: () => undefined, end: () => undefined };
  }
}

function createPlainProgress(terminal: Terminal): Progress {
  const plain = new PlainProgress();
  return {
    show(event) {
      for (const line of plain.lines(event)) terminal.note(line);
    },
    end: () => undefined,
  };
}
