import { useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Failure } from '../../../shared/failure.ts';
import type { RepairReport, VerifyReport } from '../../../shared/ipc/storage-views.ts';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { Progress } from '../../components/progress.tsx';
import { settled } from '../../stores/loadable.ts';
import { actionText, faultText } from './storage-words.ts';

/** What a check of the store has come to. */
export type Check =
  | { readonly kind: 'running'; readonly task: 'verify store' | 'repair store' }
  | { readonly kind: 'verified'; readonly report: VerifyReport }
  | { readonly kind: 'repaired'; readonly report: RepairReport }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface Checks {
  readonly check: Check | undefined;
  readonly verify: () => void;
  readonly repair: () => void;
  readonly cancel: () => void;
  readonly dismiss: () => void;
}

/** Verifies and repairs, one at a time. */
export function useChecks(): Checks {
  const { api } = useApp();
  const [check, setCheck] = useState<Check>();
  const running = useRef<AbortController>(undefined);
  async function run(
    task: 'verify store' | 'repair store',
    work: (signal: AbortSignal) => Promise<Check>,
  ): Promise<void> {
    const controller = new AbortController();
    running.current = controller;
    setCheck({ kind: 'running', task });
    const outcome = await settled(work(controller.signal));
    if (outcome.kind === 'ready') setCheck(outcome.value);
    else if (outcome.kind === 'failed' && outcome.failure.code !== 'cancelled') setCheck(outcome);
    else setCheck(undefined);
  }
  return {
    check,
    verify: () =>
      void run('verify store', async signal => ({
        kind: 'verified',
        report: await api.request('storage.verify', {}, signal),
      })),
    repair: () =>
      void run('repair store', async signal => ({
        kind: 'repaired',
        report: await api.request('storage.repair', {}, signal),
      })),
    cancel: () => running.current?.abort(),
    dismiss: () => setCheck(undefined),
  };
}

/** How far the check is, or what it found; nothing where there was none. */
export function CheckStrip({ checks }: { readonly checks: Checks }) {
  const { check, dismiss, repair } = checks;
  if (check === undefined) return null;
  return (
    <section className="storage__check" aria-label="Check of the store">
      {check.kind === 'running' && <Running task={check.task} onCancel={checks.cancel} />}
      {check.kind === 'failed' && (
        <FailureView title="The store could not be checked" failure={check.failure} />
      )}
      {check.kind === 'verified' && <Verified report={check.report} onRepair={repair} />}
      {check.kind === 'repaired' && <Repaired report={check.report} />}
      {check.kind !== 'running' && (
        <Button size="small" onClick={dismiss}>
          Close
        </Button>
      )}
    </section>
  );
}

function Running({ task, onCancel }: { readonly task: string; readonly onCancel: () => void }) {
  const { stores } = useApp();
  const progress = useStore(stores.tasks, ({ running }) => running.get(task));
  const current = progress?.current ?? 0;
  return (
    <>
      <p role="status">{progress?.label ?? 'Checking the store'}…</p>
      <Progress label="Check of the store" current={current} total={progress?.total} />
      <span className="muted numeric">
        {formatBytes(current)}
        {progress?.total !== undefined && ` of ${formatBytes(progress.total)}`}
      </span>
      <Button size="small" onClick={onCancel}>
        Cancel
      </Button>
    </>
  );
}

interface VerifiedProps {
  readonly report: VerifyReport;
  readonly onRepair: () => void;
}

function Verified({ report, onRepair }: VerifiedProps) {
  const { checkedBlobs, checkedBytes, faults } = report;
  const checked = `${formatPlural(checkedBlobs, 'blob')} (${formatBytes(checkedBytes)})`;
  return (
    <>
      <p role="status">
        {faults.length === 0
          ? `All is well: ${checked} hold what they should.`
          : `${formatPlural(faults.length, 'fault')} in ${checked}.`}
      </p>
      <Lines lines={faults.map(faultText)} />
      {faults.length > 0 && (
        <>
          <p className="muted">
            Repair fetches what is damaged from the registries it came from, and drops what cannot
            be had.
          </p>
          <Button size="small" variant="primary" onClick={onRepair}>
            Repair
          </Button>
        </>
      )}
    </>
  );
}

function Repaired({ report }: { readonly report: RepairReport }) {
  const { actions, found } = report;
  return (
    <>
      <p role="status">
        {found.length === 0
          ? 'All is well; nothing was touched.'
          : `Repaired ${formatPlural(found.length, 'fault')}.`}
      </p>
      <Lines lines={actions.map(actionText)} />
    </>
  );
}

const mostLines = 100;

function Lines({ lines }: { readonly lines: readonly string[] }) {
  if (lines.length === 0) return null;
  return (
    <ul className="storage__lines">
      {lines.slice(0, mostLines).map((line, index) => (
        <li key={index}>{line}</li>
      ))}
      {lines.length > mostLines && <li>and {lines.length - mostLines} more</li>}
    </ul>
  );
}
