import { createStore, type StoreApi } from 'zustand/vanilla';
import { formatBytes } from '../../shared/format-bytes.ts';
import { explain } from '../../shared/failure.ts';
import type { TransferView } from '../../shared/ipc/registry-views.ts';
import type { Api } from '../api/api.ts';
import { settled } from './loadable.ts';
import type { NewNotice, Notices } from './notices.ts';

export interface Transfers {
  /** Pulls and pushes, running or ended, in the order in which they began. */
  readonly transfers: readonly TransferView[];
  readonly refresh: () => Promise<void>;
}

/** The pulls and pushes of the host. It follows `transfer.changed`, and tells how each ends. */
export function createTransfers(api: Api, notices: StoreApi<Notices>): StoreApi<Transfers> {
  return createStore<Transfers>()((set, get) => {
    async function refresh(): Promise<void> {
      const answer = await settled(api.request('transfer.list', {}));
      if (answer.kind === 'ready') set({ transfers: answer.value });
    }
    api.on('transfer.changed', ({ transfer, dismissed }) => {
      const { transferId } = transfer;
      const before = get().transfers.find(each => each.transferId === transferId);
      const others = get().transfers.filter(each => each.transferId !== transferId);
      const kept =
        before === undefined
          ? [...others, transfer]
          : get().transfers.map(each => (each.transferId === transferId ? transfer : each));
      set({ transfers: dismissed === true ? others : kept });
      // One that was quick is first heard of when it has ended: events that outdate each other come as one.
      const isNews =
        dismissed !== true && (before === undefined || before.state.kind === 'running');
      const hasEnded = isNews && transfer.state.kind !== 'running';
      const notice = hasEnded ? noticeOf(transfer) : undefined;
      if (notice !== undefined) notices.getState().tell(notice);
    });
    api.onConnection(state => state === 'connected' && void refresh());
    return { transfers: [], refresh };
  });
}

/** Nobody needs to be told of what was cancelled. */
function noticeOf({ kind, reference, state }: TransferView): NewNotice | undefined {
  if (state.kind === 'done') {
    const moved =
      state.movedBytes === 0 ? 'nothing had to be moved' : formatBytes(state.movedBytes);
    const message = `${kind === 'pull' ? 'Pulled' : 'Pushed'} ${reference}: ${moved}.`;
    return { tone: 'ok', message };
  }
  if (state.kind !== 'failed' || state.failure.code === 'cancelled') return undefined;
  const { message, advice } = explain(state.failure);
  return {
    tone: 'bad',
    message: `${reference} was not ${kind === 'pull' ? 'pulled' : 'pushed'}: ${message}`,
    ...(advice === undefined ? {} : { advice }),
  };
}
