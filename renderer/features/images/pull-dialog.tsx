import { useState } from 'react';
import { useApp } from '../../app/context.tsx';
import { useAction } from '../../app/context/use-action.ts';
import { useAnswer, useRested } from '../../app/context/use-answers.ts';
import { FailureView } from '../../components/failure-view.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { formatBytes } from '../../components/format.ts';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { visible } from '../../components/visible.ts';
import type { InputOf } from '../../../shared/ipc/contract.ts';
import type { RemoteTag } from '../../../shared/ipc/registry-views.ts';
import { RegistryNotice } from '../../registries/registry-notice.tsx';
import { registryOf } from '../../registries/registry-of.ts';
import type { Loadable } from '../../stores/loadable.ts';

/** `host`, `all`, or the text of a platform. */
type Wanted = string;

/** Pulls an image of any registry: what it offers is looked up once the reference is complete. */
export function PullDialog({ onClose }: { readonly onClose: () => void }) {
  const { api } = useApp();
  const [reference, setReference] = useState('');
  const [wanted, setWanted] = useState<Wanted>('host');
  const { busy, failure, act } = useAction(onClose);
  const typed = reference.trim();
  const registry = registryOf(typed);
  const start = async () => {
    await api.request('transfer.pull', inputOf(typed, wanted));
  };
  return (
    <FormDialog
      title="Pull an image"
      width="medium"
      submitLabel="Pull"
      ready={registry !== undefined}
      busy={busy}
      onSubmit={() => void act(start)}
      onClose={onClose}
      below={failure && <FailureView title="The pull did not start" failure={failure} />}
    >
      <TextField
        label="Reference"
        mono
        placeholder="mcr.microsoft.com/windows/nanoserver:ltsc2022"
        hint="Registry, repository and tag. Bases can be browsed in the Bases view."
        value={reference}
        onValueChange={text => {
          setReference(text);
          setWanted('host');
        }}
      />
      {registry !== undefined && (
        <Offer reference={typed} registry={registry} wanted={wanted} onWanted={setWanted} />
      )}
    </FormDialog>
  );
}

interface OfferProps {
  readonly reference: string;
  readonly registry: string;
  readonly wanted: Wanted;
  readonly onWanted: (wanted: Wanted) => void;
}

/** What the reference names, and a choice among its platforms. */
function Offer({ reference, registry, wanted, onWanted }: OfferProps) {
  const asked = useRested(reference);
  const { answer, retry } = useAnswer('registry.describe', { reference: asked });
  return (
    <>
      {answer.kind === 'failed' && (
        <RegistryNotice failure={answer.failure} registry={registry} onRetry={retry} />
      )}
      <Select
        label="Which image"
        value={wanted}
        hint={hintOf(answer, wanted)}
        options={[
          { value: 'host', label: 'The one that suits this host best' },
          ...platformsOf(answer).map(value => ({ value, label: value })),
          { value: 'all', label: 'All images of the index' },
        ]}
        onValueChange={onWanted}
      />
    </>
  );
}

function platformsOf(answer: Loadable<RemoteTag>): readonly string[] {
  if (answer.kind !== 'ready') return [];
  return answer.value.candidates.map(platformText);
}

function platformText({ architecture, osVersion }: RemoteTag['candidates'][number]): string {
  return `windows${osVersion === undefined ? '' : `(${osVersion})`}/${architecture}`;
}

function hintOf(answer: Loadable<RemoteTag>, wanted: Wanted): string {
  if (answer.kind === 'loading') return 'Looking it up…';
  if (answer.kind === 'failed') return 'It could not be looked up; the pull would tell the same.';
  const { candidates, otherPlatforms } = answer.value;
  if (candidates.length === 0) {
    return `No Windows image: it has ${otherPlatforms.map(visible).join(', ')}.`;
  }
  if (wanted === 'all') return `${candidates.length + otherPlatforms.length} images.`;
  const image = candidates.find(each => platformText(each) === wanted) ?? candidates[0];
  if (image === undefined) return '';
  const size = image.local
    ? 'All of it is in the store'
    : `${formatBytes(image.downloadBytes)} to download`;
  return `${visible(platformText(image))}: ${visible(image.verdict.reason)} ${size}.`;
}

function inputOf(reference: string, wanted: Wanted): InputOf<'transfer.pull'> {
  if (wanted === 'host') return { reference };
  return wanted === 'all' ? { reference, all: true } : { reference, platform: wanted };
}
