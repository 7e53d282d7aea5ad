import { useEffect, useState } from 'react';
import { useApp } from '../../app/context.tsx';
import { useAction } from '../../app/context/use-action.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { Select, type Option } from '../../components/select.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { TextField } from '../../components/text-field.tsx';
import { visible } from '../../components/visible.ts';
import type { InputOf } from '../../../shared/ipc/contract.ts';
import type { RemovalPreview } from '../../../shared/ipc/image-views.ts';
import { loading, settled, type Loadable } from '../../stores/loadable.ts';
import { suggestedFile } from './image-rows.ts';
import { PushDialog } from './push-dialog.tsx';

export interface ImageDialog {
  readonly kind: 'tag' | 'save' | 'remove' | 'push';
  readonly reference: string;
}

interface ActionDialogProps {
  readonly reference: string;
  readonly onClose: () => void;
}

/** The dialog for what is to be done with an image. */
export function ImageDialogs(props: {
  readonly dialog: ImageDialog;
  readonly onClose: () => void;
}) {
  const { kind, reference } = props.dialog;
  switch (kind) {
    case 'tag':
      return <TagDialog reference={reference} onClose={props.onClose} />;
    case 'save':
      return <SaveDialog reference={reference} onClose={props.onClose} />;
    case 'push':
      return <PushDialog reference={reference} onClose={props.onClose} />;
    case 'remove':
      return <RemoveDialog reference={reference} onClose={props.onClose} />;
  }
}

function TagDialog({ reference, onClose }: ActionDialogProps) {
  const { api, stores } = useApp();
  const [target, setTarget] = useState('');
  const { busy, failure, act } = useAction(onClose);
  const tag = async () => {
    await api.request('image.tag', { source: reference, target: target.trim() });
    stores.notices.getState().tell({ tone: 'ok', message: `Tagged as ${target.trim()}.` });
  };
  return (
    <FormDialog
      title="Add a tag"
      submitLabel="Add tag"
      ready={target.trim() !== ''}
      busy={busy}
      onSubmit={() => void act(tag)}
      onClose={onClose}
      above={
        <p className="muted">
          Another name for <code>{visible(reference)}</code>. An image that has the name already
          loses it.
        </p>
      }
      below={failure && <FailureView title="The image was not tagged" failure={failure} />}
    >
      <TextField
        label="New reference"
        mono
        placeholder="name:tag"
        value={target}
        onValueChange={setTarget}
      />
    </FormDialog>
  );
}

type SaveFormat = InputOf<'image.save'>['format'];

const formats: readonly (Option<SaveFormat> & { readonly extension: string })[] = [
  { value: 'oci-archive', label: 'OCI archive (.tar)', extension: '.oci.tar' },
  { value: 'docker-archive', label: 'Docker archive (docker load)', extension: '.tar' },
  { value: 'oci-layout', label: 'OCI image layout (folder)', extension: '' },
];

function SaveDialog({ reference, onClose }: ActionDialogProps) {
  const { api, stores } = useApp();
  const [format, setFormat] = useState<SaveFormat>('oci-archive');
  const { busy, failure, act } = useAction(onClose);
  const save = async () => {
    const extension = formats.find(({ value }) => value === format)?.extension ?? '';
    const suggestedName = suggestedFile(reference, extension);
    const { ask } = stores.pathQuestions.getState();
    const file = await ask({ kind: 'saveFile', title: 'Save image', suggestedName });
    if (file === undefined) return;
    const saved = await api.request('image.save', { reference, file, format });
    stores.notices
      .getState()
      .tell({ tone: 'ok', message: `Saved ${formatBytes(saved.bytes)} to ${saved.file}.` });
  };
  return (
    <ConfirmDialog
      title="Save to a file"
      confirmLabel="Choose where…"
      busy={busy}
      onClose={onClose}
      onConfirm={() => void act(save)}
    >
      <p className="muted">
        <code>{visible(reference)}</code> with all its layers.
      </p>
      <Select label="Format" value={format} options={formats} onValueChange={setFormat} />
      {failure && <FailureView title="The image was not saved" failure={failure} />}
    </ConfirmDialog>
  );
}

function RemoveDialog({ reference, onClose }: ActionDialogProps) {
  const { api, stores } = useApp();
  const [preview, setPreview] = useState<Loadable<RemovalPreview>>(loading);
  const { busy, failure, act } = useAction(onClose);
  useEffect(() => {
    const controller = new AbortController();
    void settled(api.request('image.removePreview', { reference }, controller.signal)).then(
      answer => !controller.signal.aborted && setPreview(answer),
    );
    return () => controller.abort();
  }, [api, reference]);
  const remove = async () => {
    const { freedBytes } = await api.request('image.remove', { reference });
    const message = `Deleted ${reference}, ${formatBytes(freedBytes)} freed.`;
    stores.notices.getState().tell({ tone: 'ok', message });
  };
  return (
    <ConfirmDialog
      title="Delete image?"
      confirmLabel="Delete"
      danger
      busy={busy || preview.kind === 'loading'}
      onClose={onClose}
      onConfirm={() => void act(remove)}
    >
      <p>
        <code>{visible(reference)}</code>
      </p>
      {preview.kind === 'loading' && <Skeleton label="Finding out what it frees" lines={2} />}
      {preview.kind === 'failed' && (
        <FailureView title="What it frees is not known" failure={preview.failure} />
      )}
      {preview.kind === 'ready' && <Freed preview={preview.value} />}
      {failure && <FailureView title="The image was not deleted" failure={failure} />}
    </ConfirmDialog>
  );
}

function Freed({ preview }: { readonly preview: RemovalPreview }) {
  const { freedBytes, freedBlobs, sharedLayers } = preview;
  const stay = sharedLayers === 1 ? 'stays' : 'stay';
  return (
    <ul className="images__freed">
      <li>
        {freedBlobs === 0
          ? 'Frees nothing: only this name goes, other names hold all of its content.'
          : `Frees ${formatBytes(freedBytes)} in ${formatPlural(freedBlobs, 'blob')}.`}
      </li>
      {sharedLayers > 0 && (
        <li>
          {formatPlural(sharedLayers, 'layer')} of it {stay}, held by other images too.
        </li>
      )}
    </ul>
  );
}
