import { randomUUID } from 'node:crypto';
import { failureOf } from '../../../shared/failure.ts';
import type { TransferView } from '../../../shared/ipc/registry-views.ts';
import type { OnTransferEvent } from '../../../shared/ipc/transfer-events.ts';
import {
  newTransferProgress,
  secondsLeft,
  transferAfter,
  type TransferProgress,
} from '../../../shared/ipc/transfer-progress.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import type { EventSink } from '../event-hub.ts';

/** What a transfer came to. */
export interface TransferOutcome {
  readonly digest: Digest;
  readonly movedBytes: number;
  readonly upToDate: boolean;
}

type Work = (onEvent: OnTransferEvent, signal: AbortSignal) => Promise<TransferOutcome>;

/** Pulls and pushes of this process. They go on when the window that asked is gone. */
export interface TransferManager {
  /** Gives the id; where the same is under way already, that one's. */
  start(kind: TransferView['kind'], reference: string, work: Work): string;
  list(): readonly TransferView[];
  /** Stops one that runs; one that has ended stays as it is. */
  cancel(transferId: string): void;
  /** Takes one that has ended out of the list. */
  dismiss(transferId: string): void;
  /** Stops all and waits for their ends. */
  close(): Promise<void>;
}

interface Transfer {
  readonly transferId: string;
  readonly kind: TransferView['kind'];
  readonly reference: string;
  readonly startedAt: number;
  readonly controller: AbortController;
  progress: TransferProgress;
  state: TransferView['state'];
  toldAt: number;
  settled: Promise<void>;
}

const tellEveryMs = 200;
const mostEnded = 30;

export function createTransferManager(events: EventSink, now = Date.now): TransferManager {
  const transfers = new Map<string, Transfer>();

  function tell(transfer: Transfer): void {
    transfer.toldAt = now();
    const view = viewOf(transfer);
    events.emit('transfer.changed', { transfer: view });
    // The status bar tells of long requests of every kind.
    const { current, total, kind, reference, state, transferId } = view;
    events.emit('task.progress', {
      task: transferId,
      label: `${kind === 'pull' ? 'Pulling' : 'Pushing'} ${reference}`,
      current,
      ...(total === 0 ? {} : { total }),
      unit: 'bytes',
      done: state.kind !== 'running',
    });
  }

  async function run(transfer: Transfer, work: Work): Promise<void> {
    await settle(transfer, work, { now, tell: () => tell(transfer) });
    if (transfer.state.kind === 'done') events.emit('images.changed', null);
    tell(transfer);
    const ended = [...transfers.values()].filter(({ state }) => state.kind !== 'running');
    for (const { transferId } of ended.slice(0, -mostEnded)) dismiss(transferId);
  }

  function dismiss(transferId: string): void {
    const transfer = transfers.get(transferId);
    if (transfer === undefined || transfer.state.kind === 'running') return;
    transfers.delete(transferId);
    events.emit('transfer.changed', { transfer: viewOf(transfer), dismissed: true });
  }

  return {
    start(kind, reference, work) {
      for (const each of transfers.values()) {
        if (each.kind !== kind || each.reference !== reference) continue;
        if (each.state.kind === 'running') return each.transferId;
        // A new try takes the place of the one before.
        dismiss(each.transferId);
      }
      const transfer = newTransfer(kind, reference, now());
      transfers.set(transfer.transferId, transfer);
      tell(transfer);
      transfer.settled = run(transfer, work);
      return transfer.transferId;
    },
    list: () => [...transfers.values()].map(viewOf),
    cancel: transferId => transfers.get(transferId)?.controller.abort(),
    dismiss,
    async close() {
      for (const { controller } of transfers.values()) controller.abort();
      await Promise.all([...transfers.values()].map(async ({ settled }) => await settled));
    },
  };
}

function newTransfer(kind: TransferView['kind'], reference: string, startedAt: number): Transfer {
  return {
    transferId: randomUUID(),
    kind,
    reference,
    startedAt,
    controller: new AbortController(),
    progress: newTransferProgress,
    state: { kind: 'running', phase: 'resolving' },
    toldAt: 0,
    settled: Promise.resolve(),
  };
}

/** Runs `work` to its end, good or bad, and keeps `transfer` up to date meanwhile. */
async function settle(
  transfer: Transfer,
  work: Work,
  { now, tell }: { readonly now: () => number; readonly tell: () => void },
): Promise<void> {
  let pending: NodeJS.Timeout | undefined;
  const tellLater = (): void => {
    pending = undefined;
    tell();
  };
  const onEvent: OnTransferEvent = event => {
    const { phase } = transfer.progress;
    transfer.progress = transferAfter(transfer.progress, event, now());
    transfer.state = { kind: 'running', phase: transfer.progress.phase };
    const isNews = phase !== transfer.progress.phase || event.kind === 'note';
    if (isNews || now() - transfer.toldAt >= tellEveryMs) tell();
    // What came last before a standstill is told as well.
    else pending ??= setTimeout(tellLater, tellEveryMs);
  };
  try {
    const outcome = await work(onEvent, transfer.controller.signal);
    transfer.state = { kind: 'done', ...outcome, durationMs: now() - transfer.startedAt };
  } catch (error) {
    transfer.state = { kind: 'failed', failure: failureOf(error) };
  } finally {
    clearTimeout(pending);
  }
}

function viewOf({
  transferId,
  kind,
  reference,
  startedAt,
  state,
  progress,
}: Transfer): TransferView {
  const { blobs, considered, current, notes, rate, rates, total } = progress;
  const left = secondsLeft(progress);
  const isRunning = state.kind === 'running';
  return {
    transferId,
    kind,
    reference,
    startedAt,
    state,
    current,
    total,
    ...(rate === undefined || !isRunning ? {} : { rate }),
    ...(left === undefined || !isRunning ? {} : { secondsLeft: left }),
    blobs: [...blobs.values()].map(blob => {
      const moving = isRunning && blob.state !== 'done' ? rates.get(blob.digest) : undefined;
      return { ...blob, ...(moving === undefined ? {} : { rate: moving }) };
    }),
    considered,
    notes,
  };
}
