import { useState } from 'react';
import { useApp } from '../../app/context.tsx';
import { useAction } from '../../app/context/use-action.ts';
import { Button } from '../../components/button.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { TextField } from '../../components/text-field.tsx';

interface AddRegistryDialogProps {
  readonly onClose: () => void;
  /** Told the name as references have it. */
  readonly onAdded: (registry: string) => void;
}

/** Adds a registry once it has answered, or without asking where the person says so. */
export function AddRegistryDialog({ onClose, onAdded }: AddRegistryDialogProps) {
  const { api } = useApp();
  const [registry, setRegistry] = useState('');
  const [mirror, setMirror] = useState('');
  const [insecure, setInsecure] = useState(false);
  const { busy, failure, act } = useAction(onClose);
  const add = async (unasked: boolean) => {
    const wanted = mirror.trim() === '' ? {} : { mirror: mirror.trim() };
    const input = { registry: registry.trim(), insecure, unasked, ...wanted };
    const { registries } = await api.request('registry.add', input);
    onAdded(registries.at(-1)?.registry ?? input.registry);
  };
  // A registry that answers, but only to those who sign in, is one that can be added.
  const mayBeAdded = failure?.code.startsWith('registry-') ?? false;
  return (
    <FormDialog
      title="Add a registry"
      submitLabel="Add"
      ready={registry.trim() !== ''}
      busy={busy}
      onSubmit={() => void act(async () => await add(false))}
      onClose={onClose}
      moreActions={
        mayBeAdded && (
          <Button busy={busy} onClick={() => void act(async () => await add(true))}>
            Add it anyway
          </Button>
        )
      }
      below={failure && <FailureView title="The registry was not added" failure={failure} />}
    >
      <TextField
        label="Registry"
        mono
        placeholder="registry.example.com or localhost:5000"
        value={registry}
        onValueChange={setRegistry}
      />
      <TextField
        label="Mirror (optional)"
        mono
        hint="A host that is asked first; the registry itself is asked for what the mirror lacks."
        value={mirror}
        onValueChange={setMirror}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={insecure}
          onChange={event => setInsecure(event.target.checked)}
        />
        <span>
          Allow it without TLS, or with a certificate that nobody vouches for
          <span className="field__hint">
            Only in a network that you trust: others could read and change what is transferred.
            Certificates of your own authority belong into ~/.docker/certs.d instead.
          </span>
        </span>
      </label>
    </FormDialog>
  );
}
