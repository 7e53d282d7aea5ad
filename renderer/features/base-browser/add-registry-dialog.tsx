import { useId, useState } from 'react';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { TextField } from '../../components/text-field.tsx';
import type { Failure } from '../../../shared/failure.ts';
import { settled } from '../../stores/loadable.ts';

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
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const formId = useId();
  async function add(unasked: boolean): Promise<void> {
    setBusy(true);
    setFailure(undefined);
    const wanted = mirror.trim() === '' ? {} : { mirror: mirror.trim() };
    const input = { registry: registry.trim(), insecure, unasked, ...wanted };
    const outcome = await settled(api.request('registry.add', input));
    setBusy(false);
    if (outcome.kind === 'failed') return setFailure(outcome.failure);
    if (outcome.kind !== 'ready') return;
    onAdded(outcome.value.registries.at(-1)?.registry ?? input.registry);
    onClose();
  }
  // A registry that answers, but only to those who sign in, is one that can be added.
  const mayBeAdded = failure?.code.startsWith('registry-') ?? false;
  return (
    <Dialog
      title="Add a registry"
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {mayBeAdded && (
            <Button busy={busy} onClick={() => void add(true)}>
              Add it anyway
            </Button>
          )}
          <Button
            variant="primary"
            type="submit"
            form={formId}
            busy={busy}
            disabled={registry.trim() === ''}
          >
            Add
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="registry-form"
        onSubmit={event => {
          event.preventDefault();
          void add(false);
        }}
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
      </form>
      {failure && <FailureView title="The registry was not added" failure={failure} />}
    </Dialog>
  );
}
