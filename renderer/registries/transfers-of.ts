import { useStore } from 'zustand';
import { useApp } from '../app/context.tsx';
import type { InputOf } from '../../shared/ipc/contract.ts';
import type { TransferView } from '../../shared/ipc/registry-views.ts';

/** The pull of a reference that runs or has ended; undefined where there is none. */
export function usePullOf(reference: string): TransferView | undefined {
  const { stores } = useApp();
  return useStore(stores.transfers, ({ transfers }) =>
    transfers.findLast(each => each.kind === 'pull' && each.reference === reference),
  );
}

/** Starts pulls; what they come to is told by the transfers themselves. */
export function useStartPull(): (input: InputOf<'transfer.pull'>) => void {
  const { api, stores } = useApp();
  return input => {
    api
      .request('transfer.pull', input)
      .catch((error: unknown) => stores.notices.getState().tellError(error, 'Pull'));
  };
}
