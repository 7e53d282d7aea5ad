import type { OnTransferEvent, TransferEvent } from '../../../shared/ipc/transfer-events.ts';
import {
  newTransferProgress,
  transferAfter,
  type TransferProgress,
} from '../../../shared/ipc/transfer-progress.ts';
import type { Terminal } from '../terminal.ts';
import { counted, formatBytes } from '../text/units.ts';
import { createPainter } from './live-painter.ts';
import type { ProgressKind } from './progress.ts';
import { doneText, drawTransfer, totalText } from './transfer-view.ts';

/** Shows a transfer while it runs. */
export interface ShownTransfer {
  readonly show: OnTransferEvent;
  end(): void;
}

/** How often a transfer says in plain lines how far it is, in ms. */
const plainInterval = 5000;

/** `auto` redraws in place where the terminal can, and is `plain` elsewhere; `json` writes events to the output. */
export function showTransfer(kind: ProgressKind, title: string, terminal: Terminal): ShownTransfer {
  switch (kind) {
    case 'auto':
      return terminal.view.live ? liveTransfer(title, terminal) : plainTransfer(title, terminal);
    case 'plain':
      return plainTransfer(title, terminal);
    case 'json':
      return { show: event => terminal.json(event), end: () => undefined };
    case 'quiet':
      return { show: () => undefined, end: () => undefined };
  }
}

function liveTransfer(title: string, terminal: Terminal): ShownTransfer {
  let progress = newTransferProgress;
  const painter = createPainter(terminal, frame => drawTransfer(title, progress, frame));
  return {
    show(event) {
      progress = transferAfter(progress, event, Date.now());
    },
    end: () => painter.end(),
  };
}

/** Lines that only ever follow one another, for files, pipes and CI. */
function plainTransfer(title: string, terminal: Terminal): ShownTransfer {
  let progress = newTransferProgress;
  let saidAt = Date.now();
  return {
    show(event) {
      progress = transferAfter(progress, event, Date.now());
      for (const line of plainLines(title, event, progress)) terminal.note(line);
      if (event.kind !== 'blob' || Date.now() - saidAt < plainInterval) return;
      saidAt = Date.now();
      terminal.note(totalText(progress));
    },
    end: () => undefined,
  };
}

function plainLines(
  title: string,
  event: TransferEvent,
  progress: TransferProgress,
): readonly string[] {
  switch (event.kind) {
    case 'resolving':
      return [title];
    case 'resolved':
      return [
        `is ${event.digest}`,
        ...event.considered.map(
          ({ chosen, platform, reason }) => `${chosen ? 'took' : 'left'} ${platform}: ${reason}`,
        ),
      ];
    case 'planned': {
      const there =
        progress.current === 0 ? '' : `, ${formatBytes(progress.current)} there already`;
      return [`${counted(event.blobs.length, 'blob')}, ${formatBytes(progress.total)}${there}`];
    }
    case 'blob':
      return event.state === 'done' ? [doneText(event)] : [];
    case 'note':
      return [`note: ${event.text}`];
  }
}
