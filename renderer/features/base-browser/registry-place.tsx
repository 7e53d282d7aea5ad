import { KeyRound, LogOut, RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useStore } from 'zustand';
import type { RegistriesView, RegistryView } from '../../../shared/ipc/registry-views.ts';
import { useApp } from '../../app/context.tsx';
import { useAnswer, useHeld, useRested } from '../../app/context/use-answers.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { LongTable } from '../../components/long-table.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import type { Column } from '../../components/table.tsx';
import { SearchField, TextField } from '../../components/text-field.tsx';
import { visible } from '../../components/visible.ts';
import { LoginDialog } from '../../registries/login-dialog.tsx';
import { RegistryNotice } from '../../registries/registry-notice.tsx';
import { settled } from '../../stores/loadable.ts';
import { FavouriteButton } from './favourite-button.tsx';
import { repositoryName, type Place } from './place.ts';

interface RegistryPlaceProps {
  readonly registry: string;
  readonly registries: RegistriesView | undefined;
  readonly onOpen: (place: Place) => void;
}

/** One registry: who is signed in, and its repositories. */
export function RegistryPlace({ registry, registries, onOpen }: RegistryPlaceProps) {
  return (
    <article className="family" aria-label={visible(registry)}>
      <RegistryHead registry={registry} registries={registries} />
      <Repositories registry={registry} onOpen={onOpen} />
    </article>
  );
}

function RegistryHead({ registry, registries }: Omit<RegistryPlaceProps, 'onOpen'>) {
  const { api, stores } = useApp();
  const [dialog, setDialog] = useState<'login' | 'remove'>();
  const view = registries?.registries.find(each => each.registry === registry);
  const act = (channel: 'registry.logout' | 'registry.remove') => {
    setDialog(undefined);
    api
      .request(channel, { registry })
      .catch((error: unknown) => stores.notices.getState().tellError(error, registry));
  };
  return (
    <header className="family__head">
      <div className="family__title">
        <h2 className="mono truncate">{visible(registry)}</h2>
        {view?.insecure === true && (
          <Badge tone="warn" title="Without TLS, or with any certificate">
            insecure
          </Badge>
        )}
        <span className="family__spacer" />
        {view?.user === undefined ? (
          <Button
            size="small"
            icon={<KeyRound aria-hidden="true" />}
            onClick={() => setDialog('login')}
          >
            Sign in…
          </Button>
        ) : (
          <Button
            size="small"
            icon={<LogOut aria-hidden="true" />}
            onClick={() => act('registry.logout')}
          >
            Sign out
          </Button>
        )}
        {view !== undefined && !view.builtIn && (
          <Button
            size="small"
            icon={<Trash2 aria-hidden="true" />}
            onClick={() => setDialog('remove')}
          >
            Remove…
          </Button>
        )}
      </div>
      <p className="muted">{view === undefined ? '' : signInWords(view)}</p>
      {dialog === 'login' && (
        <LoginDialog registry={registry} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'remove' && (
        <ConfirmDialog
          title="Remove this registry?"
          confirmLabel="Remove"
          danger
          onClose={() => setDialog(undefined)}
          onConfirm={() => act('registry.remove')}
        >
          <p>
            <code>{visible(registry)}</code> and its favourites are taken from the list. Images in
            the store stay, and so does the sign-in.
          </p>
        </ConfirmDialog>
      )}
    </header>
  );
}

function signInWords({ credentialsIn = '', mirror, user }: RegistryView): string {
  const who =
    user === undefined
      ? 'Not signed in: what is public can be seen.'
      : `Signed in as ${visible(user || 'a token')}; kept in ${visible(credentialsIn)}.`;
  return mirror === undefined ? who : `${who} ${visible(mirror)} is asked first.`;
}

/** As many as one answer holds; the search narrows what there is beyond. */
const mostRepositories = 2000;

function Repositories({
  registry,
  onOpen,
}: {
  readonly registry: string;
  readonly onOpen: (place: Place) => void;
}) {
  const { api, stores } = useApp();
  const version = useStore(stores.registries, state => state.version);
  const [text, setText] = useState('');
  const search = useRested(text);
  const input = { registry, search, limit: mostRepositories };
  const { answer, retry } = useAnswer('registry.repositories', input, version);
  const listed = useHeld(answer);
  const refresh = async () => {
    await settled(api.request('registry.repositories', { registry, limit: 1, fresh: true }));
    retry();
  };
  const open = (repository: string) => onOpen({ kind: 'repository', registry, repository });
  return (
    <div className="tags">
      <div className="tags__filters" role="group" aria-label="Find a repository">
        <SearchField label="Search repositories" value={text} onValueChange={setText} />
        <OpenByName onOpen={open} />
        <Button size="small" icon={<RotateCcw aria-hidden="true" />} onClick={() => void refresh()}>
          Refresh
        </Button>
        <span className="muted" role="status">
          {listed.kind === 'ready' && `${listed.value.names.length} of ${listed.value.total}`}
          {listed.kind === 'ready' && listed.value.cut && ' and more'}
        </span>
      </div>
      {listed.kind === 'failed' && (
        <RegistryNotice
          failure={listed.failure}
          registry={registry}
          meanwhile="A repository can be opened by its name all the same."
          onRetry={retry}
        />
      )}
      {listed.kind === 'loading' && <Skeleton label={`Asking ${visible(registry)}`} />}
      {listed.kind === 'ready' && listed.value.names.length === 0 && (
        <EmptyState
          title={search === '' ? 'This registry lists no repositories' : 'No repository fits'}
        >
          <p>Some registries list only what you own. Open one by its name.</p>
        </EmptyState>
      )}
      {listed.kind === 'ready' && listed.value.names.length > 0 && (
        <div className="tags__table">
          <RepositoryTable registry={registry} names={listed.value.names} onOpen={open} />
        </div>
      )}
    </div>
  );
}

/** For registries that do not list what they have. */
function OpenByName({ onOpen }: { readonly onOpen: (repository: string) => void }) {
  const [name, setName] = useState('');
  const wanted = name
    .trim()
    .replace(/^\/+/, '')
    .replace(/:[^/]*$/, '');
  return (
    <form
      className="tags__open"
      onSubmit={event => {
        event.preventDefault();
        if (wanted !== '') onOpen(wanted);
      }}
    >
      <TextField
        label="Repository to open"
        hideLabel
        mono
        placeholder="team/image"
        value={name}
        onValueChange={setName}
      />
      <Button type="submit" disabled={wanted === ''}>
        Open
      </Button>
    </form>
  );
}

interface RepositoryTableProps {
  readonly registry: string;
  readonly names: readonly string[];
  readonly onOpen: (repository: string) => void;
}

function RepositoryTable({ registry, names, onOpen }: RepositoryTableProps) {
  const [selected, setSelected] = useState<string>();
  const columns: readonly Column<string>[] = [
    {
      column: 'favourite',
      title: '',
      width: '4rem',
      render: repository => (
        <FavouriteButton
          repository={repositoryName({ kind: 'repository', registry, repository })}
        />
      ),
    },
    {
      column: 'repository',
      title: 'Repository',
      render: repository => <span className="mono truncate">{visible(repository)}</span>,
    },
    {
      column: 'open',
      title: 'Tags',
      width: '8rem',
      render: repository => (
        <Button
          size="small"
          variant="quiet"
          aria-label={`Open ${visible(repository)}`}
          onClick={() => onOpen(repository)}
        >
          Open
        </Button>
      ),
    },
  ];
  return (
    <LongTable
      label="Repositories"
      columns={columns}
      rows={names}
      rowKey={name => name}
      selectedKey={selected}
      onSelect={setSelected}
      onActivate={onOpen}
    />
  );
}
