import { CircleAlert, CircleCheck, CircleHelp, RotateCcw, TriangleAlert } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { HostCapabilities, HostCheck, HostRemedy } from '../../shared/ipc/host-views.ts';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { CopyButton } from '../components/digest.tsx';
import { FailureView } from '../components/failure-view.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { visible } from '../components/visible.ts';
import { VisuallyHidden } from '../components/visually-hidden.tsx';
import { loading, settled, type Loadable } from '../stores/loadable.ts';
import { useApp } from './context.tsx';
import './host-dialog.css';

/** What this machine can do, check by check, each with what to do about it. */
export function HostDialog({ onClose }: { readonly onClose: () => void }) {
  const { capabilities, busy, check } = useCapabilities();
  return (
    <Dialog
      title="This machine"
      width="medium"
      onClose={onClose}
      actions={
        <>
          <Button icon={<RotateCcw aria-hidden="true" />} busy={busy} onClick={check}>
            Check again
          </Button>
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {capabilities.kind === 'loading' && <Skeleton label="Checking this machine" />}
      {capabilities.kind === 'failed' && (
        <FailureView failure={capabilities.failure} title="This machine could not be checked" />
      )}
      {capabilities.kind === 'ready' && <Checks capabilities={capabilities.value} />}
    </Dialog>
  );
}

/** What this machine can do; `check` asks again. */
export function useCapabilities() {
  const { api } = useApp();
  const [asked, setAsked] = useState(1);
  const [answered, setAnswered] = useState(0);
  const [capabilities, setCapabilities] = useState<Loadable<HostCapabilities>>(loading);
  useEffect(() => {
    let isCurrent = true;
    void settled(api.request('host.capabilities', {})).then(answer => {
      if (!isCurrent) return;
      setCapabilities(answer);
      setAnswered(asked);
    });
    return () => {
      isCurrent = false;
    };
  }, [api, asked]);
  return { capabilities, busy: answered < asked, check: () => setAsked(asked + 1) };
}

function Checks({
  capabilities: { summary, checks },
}: {
  readonly capabilities: HostCapabilities;
}) {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it is longer than a small window, and scrolls by keys
    <div className="host-checks" role="group" aria-label="Checks" tabIndex={0}>
      <p aria-live="polite">{visible(summary)}</p>
      <HostCheckList checks={checks} />
    </div>
  );
}

/** Checks, each with what was found, what that means, and what to do. */
export function HostCheckList({ checks }: { readonly checks: readonly HostCheck[] }) {
  return (
    <ul className="host-check-list">
      {checks.map(check => (
        <li key={check.check} className="host-check">
          <StateIcon state={check.state} />
          <h3>{check.title}</h3>
          <p className="host-check__found">{visible(check.found)}</p>
          <p className="muted">{visible(check.meaning)}</p>
          {check.remedy && <Remedy remedy={check.remedy} />}
        </li>
      ))}
    </ul>
  );
}

interface StateLook {
  readonly word: string;
  readonly icon: ReactNode;
}

const looks: { readonly [S in HostCheck['state']]: StateLook } = {
  ok: { word: 'All right:', icon: <CircleCheck aria-hidden="true" /> },
  warning: { word: 'Warning:', icon: <TriangleAlert aria-hidden="true" /> },
  problem: { word: 'Problem:', icon: <CircleAlert aria-hidden="true" /> },
  unknown: { word: 'Unknown:', icon: <CircleHelp aria-hidden="true" /> },
};

function StateIcon({ state }: { readonly state: HostCheck['state'] }) {
  const { word, icon } = looks[state];
  return (
    <span className={`host-check__state host-check__state--${state}`}>
      {icon}
      <VisuallyHidden>{word}</VisuallyHidden>
    </span>
  );
}

function Remedy({ remedy: { text, command } }: { readonly remedy: HostRemedy }) {
  return (
    <div className="host-check__remedy">
      <p>{visible(text)}</p>
      {command !== undefined && (
        <p className="host-check__command">
          <code>{visible(command)}</code>
          <CopyButton text={command} what="command" />
        </p>
      )}
    </div>
  );
}
