import { Brush, ShieldCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Output } from '../../../shared/ipc/contract.ts';
import type { HoldingKind, StorageItem } from '../../../shared/ipc/storage-views.ts';
import { useApp, useCommands, type SurfaceProps } from '../../app/context.tsx';
import { useAnswer, useHeld } from '../../app/context/use-answers.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatAgo, formatBytes } from '../../components/format.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { SearchField } from '../../components/text-field.tsx';
import { useNow } from '../../components/use-now.ts';
import { visible } from '../../components/visible.ts';
import { CheckStrip, useChecks } from './check-strip.tsx';
import { CleanDialog } from './clean-dialog.tsx';
import { ItemTable, keyOf } from './item-table.tsx';
import { KindBar } from './kind-bar.tsx';
import { RemovalDialog } from './removal-dialog.tsx';
import { kindWords } from './storage-words.ts';
import './storage.css';

type Usage = Output<'storage.usage'>;

/** What takes room in the store, and how to get it back. */
export function Surface({ active }: SurfaceProps) {
  const version = useChanges(active);
  const { answer, retry } = useAnswer('storage.usage', {}, version);
  const usage = useHeld(answer);
  switch (usage.kind) {
    case 'loading':
      return <Skeleton label="Looking through the store" />;
    case 'failed':
      return (
        <FailureView
          title="The store could not be looked through"
          failure={usage.failure}
          onRetry={retry}
        />
      );
    case 'ready':
      return <Storage usage={usage.value} />;
  }
}

/** Another number whenever something in the store has changed, as soon as the surface is in view. */
function useChanges(active: boolean): number {
  const { api } = useApp();
  const [changes, setChanges] = useState(0);
  const [seen, setSeen] = useState(0);
  useEffect(() => {
    const count = (): void => setChanges(before => before + 1);
    const stops = [
      api.on('storage.changed', count),
      api.on('images.changed', count),
      api.on('builds.changed', count),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [api]);
  if (active && seen !== changes) setSeen(changes);
  return seen;
}

type Asked = { readonly kind: 'clean' } | { readonly kind: 'remove'; readonly item: StorageItem };

function Storage({ usage }: { readonly usage: Usage }) {
  const { navigate } = useApp();
  const checks = useChecks();
  const [kind, setKind] = useState<HoldingKind>();
  const [filter, setFilter] = useState('');
  const [selectedKey, setSelectedKey] = useState<string>();
  const [asked, setAsked] = useState<Asked>();
  useCommands(() => {
    const command = (name: string, title: string, run: () => void) => ({
      command: `storage.${name}`,
      title,
      group: 'Storage',
      run() {
        navigate.show('storage');
        run();
      },
    });
    return [
      command('clean', 'Clean up the store…', () => setAsked({ kind: 'clean' })),
      command('verify', 'Verify the store', checks.verify),
      command('repair', 'Repair the store', checks.repair),
    ];
    // oxlint-disable-next-line react/exhaustive-deps -- `checks` only sets state
  }, [navigate]);
  const needle = filter.toLowerCase();
  const shown = usage.items.filter(
    item => (kind === undefined || item.kind === kind) && item.title.toLowerCase().includes(needle),
  );
  const isBusy = checks.check?.kind === 'running';
  return (
    <>
      <header className="surface-head">
        <h2>Storage</h2>
        <Totals usage={usage} />
        <span className="surface-head__spacer" />
        <SearchField
          label="Filter what takes room"
          className="storage__filter"
          value={filter}
          onValueChange={setFilter}
        />
        <Button
          icon={<ShieldCheck aria-hidden="true" />}
          disabled={isBusy}
          data-tooltip="Hashes every blob again and checks what points to what"
          onClick={checks.verify}
        >
          Verify
        </Button>
        <Button
          variant="primary"
          icon={<Brush aria-hidden="true" />}
          onClick={() => setAsked({ kind: 'clean' })}
        >
          Clean up…
        </Button>
      </header>
      <CheckStrip checks={checks} />
      <Damage usage={usage} onRepair={checks.repair} />
      <KindBar usage={usage} chosen={kind} onChoose={setKind} />
      <div className="storage__list">
        {shown.length === 0 ? (
          <EmptyState
            title={filter === '' ? 'Nothing here' : `Nothing fits “${visible(filter)}”`}
            actions={
              <Button
                onClick={() => {
                  setFilter('');
                  setKind(undefined);
                }}
              >
                Show everything
              </Button>
            }
          />
        ) : (
          <ItemTable
            items={shown}
            selectedKey={selectedKey}
            onSelect={item => setSelectedKey(keyOf(item))}
            onRemove={item => setAsked({ kind: 'remove', item })}
          />
        )}
      </div>
      {asked?.kind === 'clean' && <CleanDialog onClose={() => setAsked(undefined)} />}
      {asked?.kind === 'remove' && (
        <RemoveItem item={asked.item} onClose={() => setAsked(undefined)} />
      )}
    </>
  );
}

function Totals({ usage }: { readonly usage: Usage }) {
  const now = useNow(60_000);
  const { freeBytes, lastCleanup, reclaimableBytes, totalBytes } = usage;
  return (
    <span className="muted numeric" role="status">
      {formatBytes(totalBytes)} in the store, {formatBytes(freeBytes)} free on its disk
      {reclaimableBytes > 0 && `, ${formatBytes(reclaimableBytes)} not needed`}
      {lastCleanup &&
        `, ${formatBytes(lastCleanup.freedBytes)} cleaned up ${formatAgo(lastCleanup.at, now)}`}
    </span>
  );
}

function Damage({ usage, onRepair }: { readonly usage: Usage; readonly onRepair: () => void }) {
  const [first] = usage.damaged;
  if (first === undefined) return null;
  return (
    <FailureView
      title="Not everything in the store can be read"
      failure={{ code: 'storage-unreadable', ...first, others: usage.damaged.length - 1 }}
      actions={
        <Button size="small" onClick={onRepair}>
          Repair
        </Button>
      }
    />
  );
}

interface RemoveItemProps {
  readonly item: StorageItem;
  readonly onClose: () => void;
}

function RemoveItem({ item, onClose }: RemoveItemProps) {
  const { holdingId, kind, title } = item;
  return (
    <RemovalDialog
      title={`Remove ${visible(title)}?`}
      input={{ items: [{ kind, holdingId }] }}
      onClose={onClose}
    >
      <p className="muted">
        {kindWords[kind].purpose} What others need as well stays until they are gone, too.
      </p>
    </RemovalDialog>
  );
}
