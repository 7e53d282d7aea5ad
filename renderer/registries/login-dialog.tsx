import { useId, useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../app/context.tsx';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { FailureView } from '../components/failure-view.tsx';
import { TextField } from '../components/text-field.tsx';
import { visible } from '../components/visible.ts';
import type { Failure } from '../../shared/failure.ts';
import { settled } from '../stores/loadable.ts';
import '../components/field.css';

interface LoginDialogProps {
  readonly registry: string;
  readonly onClose: () => void;
}

/** Signs in to a registry. The password goes to the host once and never comes back. */
export function LoginDialog({ registry, onClose }: LoginDialogProps) {
  const { api, stores } = useApp();
  const registries = useStore(stores.registries, state => state.registries);
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const formId = useId();
  const place = registries.kind === 'ready' ? registries.value.credentials : undefined;
  async function signIn(): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    const outcome = await settled(api.request('registry.login', { registry, user, password }));
    setBusy(false);
    if (outcome.kind === 'failed') return setFailure(outcome.failure);
    if (outcome.kind !== 'ready') return;
    const message = `Signed in to ${registry} as ${user}; kept in ${outcome.value.kept}.`;
    stores.notices.getState().tell({ tone: 'ok', message });
    onClose();
  }
  return (
    <Dialog
      title={`Sign in to ${visible(registry)}`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form={formId}
            busy={busy}
            disabled={user.trim() === '' || password === ''}
          >
            Sign in
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="registry-form"
        onSubmit={event => {
          event.preventDefault();
          void signIn();
        }}
      >
        <TextField label="User name" autoComplete="username" value={user} onValueChange={setUser} />
        <TextField
          label="Password or access token"
          type="password"
          autoComplete="current-password"
          value={password}
          onValueChange={setPassword}
          {...(place !== undefined && 'kept' in place
            ? { hint: `Tried at the registry first, then kept in ${place.kept}.` }
            : {})}
        />
      </form>
      {place !== undefined && 'refused' in place && (
        <p className="muted">
          {visible(place.refused)}. Sign in with <code>layerwright login {visible(registry)}</code>{' '}
          in a terminal instead.
        </p>
      )}
      {failure && <FailureView title="You are not signed in" failure={failure} />}
    </Dialog>
  );
}
