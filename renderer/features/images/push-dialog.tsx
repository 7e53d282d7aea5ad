import { useState } from 'react';
import { useApp } from '../../app/context.tsx';
import { useAction } from '../../app/context/use-action.ts';
import { Badge } from '../../components/badge.tsx';
import { Digest } from '../../components/digest.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { FormDialog } from '../../components/form-dialog.tsx';
import { formatBytes, formatPlural } from '../../components/format.ts';
import { Select } from '../../components/select.tsx';
import { Table, type Column } from '../../components/table.tsx';
import { TextField } from '../../components/text-field.tsx';
import { visible } from '../../components/visible.ts';
import type { InputOf } from '../../../shared/ipc/contract.ts';
import type { PushPlanView, UploadView } from '../../../shared/ipc/registry-views.ts';
import { RegistryNotice } from '../../registries/registry-notice.tsx';
import { registryOf } from '../../registries/registry-of.ts';
import { plannedWords } from './image-rows.ts';

type Foreign = NonNullable<InputOf<'transfer.push'>['foreign']>;

const policies: readonly { readonly value: Foreign; readonly label: string }[] = [
  { value: 'skip', label: 'Leave them to their own addresses' },
  { value: 'push', label: 'Send them as ordinary layers' },
];

const policyHints: { readonly [F in Foreign]: string } = {
  skip: 'Layers of old Windows bases may not be distributed; who pulls fetches them from Microsoft.',
  push: 'For networks without a way to Microsoft. The digest of the image changes; mind the licence of the base.',
};

interface PushDialogProps {
  readonly reference: string;
  readonly onClose: () => void;
}

/** Pushes an image. What would be sent is shown first; only then it is sent. */
export function PushDialog({ reference, onClose }: PushDialogProps) {
  const { api } = useApp();
  const [target, setTarget] = useState(reference.startsWith('sha256:') ? '' : reference);
  const [foreign, setForeign] = useState<Foreign>('skip');
  const [plan, setPlan] = useState<PushPlanView>();
  const checking = useAction(() => undefined);
  const pushing = useAction(onClose);
  const input = { image: reference, target: target.trim(), foreign };
  const check = async () => setPlan(await api.request('transfer.planPush', input));
  const push = async () => void (await api.request('transfer.push', input));
  const change = (edit: () => void) => {
    // A plan is for what was asked then.
    setPlan(undefined);
    edit();
  };
  const failure = pushing.failure ?? checking.failure;
  const registry = registryOf(input.target);
  const submit = () => (plan === undefined ? checking.act(check) : pushing.act(push));
  return (
    <FormDialog
      title="Push to a registry"
      width="large"
      submitLabel={plan === undefined ? 'Show what would be sent' : pushLabel(plan)}
      ready={registry !== undefined}
      busy={checking.busy || pushing.busy}
      onSubmit={() => void submit()}
      onClose={onClose}
      below={
        <>
          {failure !== undefined &&
          registry !== undefined &&
          failure.code === 'registry-unauthorized' ? (
            <RegistryNotice
              failure={failure}
              registry={registry}
              onRetry={() => void checking.act(check)}
            />
          ) : (
            failure && <FailureView title="Nothing was pushed" failure={failure} />
          )}
          {plan !== undefined && <Plan plan={plan} />}
        </>
      }
    >
      <TextField
        label="Target"
        mono
        placeholder="registry.example.com/team/app:1.0"
        hint={`Where ${visible(reference)} goes: registry, repository and tag.`}
        value={target}
        onValueChange={text => change(() => setTarget(text))}
      />
      <Select
        label="Foreign layers"
        value={foreign}
        options={policies}
        hint={policyHints[foreign]}
        onValueChange={value => change(() => setForeign(value))}
      />
    </FormDialog>
  );
}

function pushLabel({ uploadBytes }: PushPlanView): string {
  return uploadBytes === 0 ? 'Push' : `Push ${formatBytes(uploadBytes)}`;
}

function Plan({ plan }: { readonly plan: PushPlanView }) {
  const { blobs, descriptor, manifests, notes, replaces, target } = plan;
  const rows = [...blobs, ...manifests];
  return (
    <section className="push-plan" aria-label="What would be sent">
      <p>{plannedWords(plan)}</p>
      <p className="muted">
        {replaces === undefined && `${visible(target)} is new there.`}
        {replaces === descriptor.digest && `${visible(target)} names this image already.`}
        {replaces !== undefined &&
          replaces !== descriptor.digest &&
          `${visible(target)} names another image now, and loses it.`}
      </p>
      {notes.map(note => (
        <p key={note}>{visible(note)}</p>
      ))}
      <div className="push-plan__table">
        <Table
          label={formatPlural(rows.length, 'blob')}
          columns={columns}
          rows={rows}
          rowKey={row => row.descriptor.digest}
        />
      </div>
    </section>
  );
}

const actions: {
  readonly [A in UploadView['action']]: {
    readonly tone: 'neutral' | 'ok' | 'accent' | 'warn';
    readonly label: string;
  };
} = {
  present: { tone: 'ok', label: 'there already' },
  mount: { tone: 'ok', label: 'mounted' },
  upload: { tone: 'accent', label: 'sent' },
  'skip-foreign': { tone: 'warn', label: 'left out: foreign' },
};

const columns: readonly Column<UploadView>[] = [
  {
    column: 'digest',
    title: 'Digest',
    width: '12rem',
    render: row => <Digest digest={row.descriptor.digest} copy={false} />,
  },
  {
    column: 'type',
    title: 'What it is',
    render: row => <span className="muted truncate">{kindOf(row.descriptor.mediaType)}</span>,
  },
  {
    column: 'size',
    title: 'Size',
    width: '6rem',
    align: 'end',
    render: row => formatBytes(row.descriptor.size),
  },
  {
    column: 'action',
    title: 'What happens',
    width: '16rem',
    render: ({ action, from }) => (
      <>
        <Badge tone={actions[action].tone}>{actions[action].label}</Badge>{' '}
        {from !== undefined && <span className="muted">from {visible(from)}</span>}
      </>
    ),
  },
];

function kindOf(mediaType: string): string {
  if (/index|manifest\.list/.test(mediaType)) return 'index';
  if (/manifest/.test(mediaType)) return 'manifest';
  if (/foreign|nondistributable/.test(mediaType)) return 'foreign layer';
  return /config|container\.image/.test(mediaType) ? 'config' : 'layer';
}
