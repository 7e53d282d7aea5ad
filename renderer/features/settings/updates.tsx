import { useEffect, useState } from 'react';
import type { Settings } from '../../../shared/ipc/app-views.ts';
import type { NoUpdates, UpdateView } from '../../../shared/ipc/update-views.ts';
import { useApp } from '../../app/context.tsx';
import { Button } from '../../components/button.tsx';
import { SettingsGroup, SettingsRow, SwitchRow } from './rows.tsx';

const whyOff: Readonly<Record<NoUpdates, string>> = {
  'not-installed':
    'This copy was not installed by a setup program, so it is updated the way it was obtained.',
  'no-address': 'This copy was packaged without an address for updates.',
  'not-signed':
    'This copy is not signed, so a download could not be checked. Install new versions by hand.',
  policy: 'Whoever manages this machine has turned updates off.',
};

interface UpdatesProps {
  readonly settings: Settings;
  readonly change: (part: Partial<Settings>) => void;
}

/** Updates of the app: what there is, and the next step. */
export function Updates({ settings, change }: UpdatesProps) {
  const view = useUpdateView();
  if (view === undefined) return undefined;
  if (view.kind === 'off') {
    return (
      <SettingsGroup title="Updates">
        <SettingsRow title="Updates are off" text={whyOff[view.reason]} />
      </SettingsGroup>
    );
  }
  return (
    <SettingsGroup title="Updates">
      <SettingsRow title="Version" text={stateText(view)}>
        <NextStep view={view} />
      </SettingsRow>
      <SwitchRow
        title="Look for updates at the start"
        text="Asks the download server for the number of the newest version. Nothing is downloaded by itself."
        checked={settings.checkForUpdates}
        onChange={checkForUpdates => change({ checkForUpdates })}
      />
    </SettingsGroup>
  );
}

function useUpdateView(): UpdateView | undefined {
  const { api } = useApp();
  const [view, setView] = useState<UpdateView>();
  useEffect(() => {
    let isHeard = false;
    const stop = api.on('update.changed', next => {
      isHeard = true;
      setView(next);
    });
    api
      .request('update.state', {})
      .then(now => isHeard || setView(now))
      .catch(() => undefined);
    return stop;
  }, [api]);
  return view;
}

function stateText(view: Exclude<UpdateView, { kind: 'off' }>): string {
  switch (view.kind) {
    case 'none':
      return view.checkedAt === undefined
        ? 'Not looked for yet.'
        : `This is the newest version (looked at ${new Date(view.checkedAt).toLocaleTimeString()}).`;
    case 'checking':
      return 'Looking for a newer version…';
    case 'available':
      return `Version ${view.version} can be downloaded.`;
    case 'downloading':
      return `Downloading version ${view.version}: ${view.percent} %`;
    case 'ready':
      return `Version ${view.version} is downloaded and checked. Installing it restarts the app.`;
    case 'failed':
      return `The update failed: ${view.problem}`;
  }
}

function NextStep({ view }: { readonly view: UpdateView }) {
  const { api, stores } = useApp();
  const ask = (channel: 'update.check' | 'update.download' | 'update.install') => {
    const { tellError } = stores.notices.getState();
    api.request(channel, {}).catch((error: unknown) => tellError(error, 'Update'));
  };
  switch (view.kind) {
    case 'available':
      return <Button onClick={() => ask('update.download')}>Download</Button>;
    case 'ready':
      return (
        <Button variant="primary" onClick={() => ask('update.install')}>
          Install and restart
        </Button>
      );
    case 'checking':
    case 'downloading':
    case 'off':
      return undefined;
    case 'none':
    case 'failed':
      return <Button onClick={() => ask('update.check')}>Look for updates</Button>;
  }
}
