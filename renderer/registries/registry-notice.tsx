import { CircleAlert, KeyRound, RotateCcw } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../components/button.tsx';
import { visible } from '../components/visible.ts';
import { explain, type Failure } from '../../shared/failure.ts';
import { LoginDialog } from './login-dialog.tsx';
import './registry-notice.css';

interface RegistryNoticeProps {
  readonly failure: Failure;
  readonly registry: string;
  /** What is shown all the same: `Tags in the store are shown.` */
  readonly meanwhile?: string;
  readonly onRetry: () => void;
}

/** Says in one line why a registry did not answer, with a way to try again; where it asks who one is, asks for that. */
export function RegistryNotice({ failure, registry, meanwhile, onRetry }: RegistryNoticeProps) {
  const wantsSignIn =
    failure.code === 'registry-unauthorized' ||
    (failure.code === 'registry-denied' && failure.user === undefined);
  const [login, setLogin] = useState(false);
  const asked = useRef(false);
  // The registry asks once; who has said no finds the button.
  useEffect(() => {
    if (failure.code !== 'registry-unauthorized' || asked.current) return;
    asked.current = true;
    setLogin(true);
  }, [failure]);
  const { advice, message } = explain(failure);
  return (
    <div role="alert" className="registry-notice">
      <CircleAlert aria-hidden="true" />
      <p data-tooltip={advice}>
        {visible(message)} {meanwhile}
      </p>
      {wantsSignIn && (
        <Button size="small" icon={<KeyRound aria-hidden="true" />} onClick={() => setLogin(true)}>
          Sign in…
        </Button>
      )}
      <Button size="small" icon={<RotateCcw aria-hidden="true" />} onClick={onRetry}>
        Try again
      </Button>
      {login && <LoginDialog registry={registry} onClose={() => setLogin(false)} />}
    </div>
  );
}
