import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { SecretSource } from '../../../shared/ipc/build-request.ts';
import type { PlannedSecret } from '../../../shared/ipc/build-views.ts';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { Select, type Option } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';
import { visible } from '../../components/visible.ts';
import { SettingsGroup, SettingsRow } from './rows.tsx';

type Kind = 'none' | 'file' | 'env';

const kinds: readonly Option<Kind>[] = [
  { value: 'none', label: 'Not given' },
  { value: 'file', label: 'A file' },
  { value: 'env', label: 'An environment variable' },
];

/** Where the values are that RUNs of the open Dockerfile mount; the values themselves never come here. */
export function Secrets() {
  const { stores } = useApp();
  const mounts = useStore(stores.nextBuild, state => state.plan?.secrets);
  if (mounts === undefined || mounts.length === 0) return null;
  return (
    <SettingsGroup title="Secrets of the open Dockerfile">
      {mounts.map(mount => (
        <SecretRow key={mount.secretId} mount={mount} />
      ))}
    </SettingsGroup>
  );
}

function SecretRow({ mount: { secretId, required } }: { readonly mount: PlannedSecret }) {
  const { stores } = useApp();
  const source = useStore(stores.nextBuild, ({ secrets }) =>
    Object.hasOwn(secrets, secretId) ? secrets[secretId] : undefined,
  );
  const [kind, setKind] = useState<Kind>(kindOf(source));
  const give = (given: SecretSource | undefined): void =>
    stores.nextBuild.getState().give(secretId, given);
  const name = visible(secretId);
  const choose = (next: Kind): void => {
    setKind(next);
    give(undefined);
  };
  return (
    <SettingsRow
      title={name}
      text={`${required ? 'The build fails without it.' : 'The build can do without it.'} It is read when a RUN mounts it, is part of no layer and is forgotten with this window.`}
      extra={<GivenBy kind={kind} name={name} source={source} give={give} />}
    >
      <Select
        label={`Where ${name} comes from`}
        hideLabel
        value={kind}
        options={kinds}
        onValueChange={choose}
      />
    </SettingsRow>
  );
}

interface GivenByProps {
  readonly kind: Kind;
  readonly name: string;
  readonly source: SecretSource | undefined;
  readonly give: (source: SecretSource | undefined) => void;
}

function GivenBy({ kind, name, source, give }: GivenByProps) {
  const { stores } = useApp();
  if (kind === 'none') return null;
  if (kind === 'env')
    return (
      <TextField
        label={`Variable with ${name}`}
        hint="Of the environment that Layerwright was started in."
        mono
        autoComplete="off"
        value={source && 'env' in source ? source.env : ''}
        onValueChange={env => give(env.trim() === '' ? undefined : { env: env.trim() })}
      />
    );
  const choose = async (): Promise<void> => {
    const { ask } = stores.pathQuestions.getState();
    const file = await ask({ kind: 'openFile', title: `The file with ${name}` });
    if (file !== undefined) give({ file });
  };
  return (
    <div>
      <p className="mono">{source && 'file' in source ? visible(source.file) : 'None chosen'}</p>
      <Button
        size="small"
        icon={<FolderOpen aria-hidden="true" />}
        aria-label={`Choose the file with ${name}`}
        onClick={() => void choose()}
      >
        Choose…
      </Button>
    </div>
  );
}

function kindOf(source: SecretSource | undefined): Kind {
  if (source === undefined) return 'none';
  return 'file' in source ? 'file' : 'env';
}
