import { useStore } from 'zustand';
import type { TransferView } from '../../../shared/ipc/registry-views.ts';
import { useApp, type App } from '../../app/context.tsx';
import { TransferCard } from '../../registries/transfer-card.tsx';

/** The pulls and pushes that run or went wrong, above the list of images. */
export function TransferStrip() {
  const app = useApp();
  const all = useStore(app.stores.transfers, state => state.transfers);
  // How a good end came is told by a notice, and the image is in the list.
  const transfers = all.filter(({ state }) => state.kind !== 'done');
  if (transfers.length === 0) return null;
  return (
    <div className="images__transfers" role="region" aria-label="Pulls and pushes">
      {transfers.toReversed().map(transfer => (
        <TransferCard
          key={transfer.transferId}
          transfer={transfer}
          onRetry={transfer.kind === 'pull' ? () => pullAgain(transfer, app) : undefined}
        />
      ))}
    </div>
  );
}

function pullAgain({ reference }: TransferView, { api, stores }: App): void {
  api
    .request('transfer.pull', { reference })
    .catch((error: unknown) => stores.notices.getState().tellError(error, 'Pull'));
}
