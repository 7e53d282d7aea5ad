import { useState } from 'react';
import { useStore } from 'zustand';
import { useApp } from '../app/context.tsx';
import { useAction } from '../app/context/use-action.ts';
import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/digest.tsx';
import { Dialog } from '../components/dialog.tsx';
import { FailureView } from '../components/failure-view.tsx';
import { FormDialog } from '../components/form-dialog.tsx';
import { TextField } from '../components/text-field.tsx';
import { visible } from '../components/visible.ts';
import '../components/field.css';

interface LoginDialogProps {
  readonly registry: string;
  readonly onClose: () => void;
}

/** Signs in to a registry, where the credentials can be kept; else says how it is done elsewhere. */
export function LoginDialog({ registry, onClose }: LoginDialogProps) {
  const { stores } = useApp();
  const registries = useStore(stores.registries, state => state.registries);
  if (registries.kind !== 'ready') return null;
  const view = registries.value.registries.find(each => each.registry === registry);
  const keeping = view?.keeping ?? registries.value.keeping;
  return 'refused' in keeping ? (
    <ElsewhereDialog registry={registry} reason={keeping.refused} onClose={onClose} />
  ) : (
    <PasswordDialog registry={registry} kept={keeping.kept} onClose={onClose} />
  );
}

/** Without a safe place for a password, none is asked for. */
function ElsewhereDialog({
  registry,
  reason,
  onClose,
}: LoginDialogProps & { readonly reason: string }) {
  const command = `layerwright login ${registry}`;
  return (
    <Dialog
      title={`Sign in to ${visible(registry)}`}
      onClose={onClose}
      actions={
        <Button variant="primary" onClick={onClose}>
          Close
        </Button>
      }
    >
      <p>Sign in in a terminal on the machine where Layerwright runs, then press Try again:</p>
      <p>
        <code>{visible(command)}</code> <CopyButton text={command} what="command" />
      </p>
      <p className="muted">{visible(reason)}.</p>
    </Dialog>
  );
}

/** The password goes to the host once and never comes back. */
function PasswordDialog({ registry, kept, onClose }: LoginDialogProps & { readonly kept: string }) {
  const { api, stores } = useApp();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const { busy, failure, act } = useAction(onClose);
  const signIn = async () => {
    const { kept: place } = await api.request('registry.login', { registry, user, password });
    const message = `Signed in to ${registry} as ${user}; kept in ${place}.`;
    stores.notices.getState().tell({ tone: 'ok', message });
  };
  return (
    <FormDialog
      title={`Sign in to ${visible(registry)}`}
      submitLabel="Sign in"
      ready={user.trim() !== '' && password !== ''}
      busy={busy}
      onSubmit={() => void act(signIn)}
      onClose={onClose}
      below={failure && <FailureView title="You are not signed in" failure={failure} />}
    >
      <TextField label="User name" autoComplete="username" value={user} onValueChange={setUser} />
      <TextField
        label="Password or access token"
        type="password"
        autoComplete="current-password"
        value={password}
        onValueChange={setPassword}
        hint={`Tried at the registry first, then kept in ${kept}.`}
      />
    </FormDialog>
  );
}
