import { RotateCcw } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useStore } from 'zustand';
import type { AppInfo, Settings } from '../../../shared/ipc/app-views.ts';
import { useApp } from '../../app/context.tsx';
import { backendOptions, platformOptions } from '../../app/options.ts';
import { useChangeSettings } from '../../app/use-change-settings.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { CopyButton } from '../../components/digest.tsx';
import { FailureView } from '../../components/failure-view.tsx';
import { formatBytes } from '../../components/format.ts';
import { Select, type Option } from '../../components/select.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { visible } from '../../components/visible.ts';
import { defaultSettings } from '../../stores/settings.ts';
import { Cleanup } from './cleanup.tsx';
import { SettingsGroup, SettingsRow, SwitchRow } from './rows.tsx';
import { RunSettings } from './run-settings.tsx';
import { Secrets } from './secrets.tsx';
import { Diagnostics } from './diagnostics.tsx';
import { Updates } from './updates.tsx';
import './settings.css';

const themes: readonly Option<Settings['theme']>[] = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'high-contrast', label: 'High contrast' },
];

const fontSizes: readonly Option<string>[] = Array.from({ length: 15 }, (_, index) => ({
  value: String(index + 10),
  label: `${index + 10} px${index + 10 === defaultSettings.fontSize ? ' (normal)' : ''}`,
}));

const timestamps: readonly Option<Settings['timestamps']>[] = [
  { value: 'normalize', label: 'One time for all (reproducible)' },
  { value: 'preserve', label: 'Keep each file’s own time' },
];

const compressions: readonly Option<Settings['compression']>[] = [
  { value: 'gzip', label: 'gzip (every registry and host)' },
  { value: 'zstd', label: 'zstd (smaller, newer hosts only)' },
];

/** Settings. Every change is kept at once. */
export function Surface() {
  const { stores } = useApp();
  const settings = useStore(stores.settings, state => state.settings);
  const change = useChangeSettings();
  const [resetting, setResetting] = useState(false);
  const [resets, setResets] = useState(0);
  return (
    <>
      <header className="surface-head">
        <h2>Settings</h2>
        <span className="muted">Changes are kept at once.</span>
        <span className="surface-head__spacer" />
        <Button icon={<RotateCcw aria-hidden="true" />} onClick={() => setResetting(true)}>
          Reset all
        </Button>
      </header>
      <div className="surface-body">
        <div className="settings">
          <Appearance settings={settings} change={change} />
          <Building settings={settings} change={change} />
          {/* Its fields hold what is typed: after a reset they are new. */}
          <RunSettings key={resets} settings={settings} change={change} />
          <Secrets />
          <Logs settings={settings} change={change} />
          <Storage settings={settings} change={change} />
          <Updates settings={settings} change={change} />
          <Privacy />
        </div>
      </div>
      {resetting && (
        <ConfirmDialog
          title="Reset all settings?"
          confirmLabel="Reset"
          onClose={() => setResetting(false)}
          onConfirm={() => {
            setResetting(false);
            change(defaultSettings);
            setResets(resets + 1);
          }}
        >
          <p>
            Every setting goes back to what it was when Layerwright was new. Images, builds and
            projects stay.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

interface GroupProps {
  readonly settings: Settings;
  readonly change: (part: Partial<Settings>) => void;
}

function Appearance({ settings, change }: GroupProps) {
  return (
    <SettingsGroup title="Appearance">
      <SettingsRow
        title="Theme"
        text="Where the system asks for more contrast, or has a contrast theme, the window follows in every theme."
      >
        <Select
          label="Theme"
          hideLabel
          value={settings.theme}
          options={themes}
          onValueChange={theme => change({ theme })}
        />
      </SettingsRow>
      <SettingsRow title="Text size" text="The whole window grows with its text.">
        <Select
          label="Text size"
          hideLabel
          value={String(settings.fontSize)}
          options={fontSizes}
          onValueChange={value => change({ fontSize: Number(value) })}
        />
      </SettingsRow>
    </SettingsGroup>
  );
}

function Building({ settings, change }: GroupProps) {
  const { stores } = useApp();
  const info = useStore(stores.appInfo, state => state.info);
  return (
    <SettingsGroup title="Building">
      <SettingsRow title="Backend" text="What runs the steps of a build." extra={<Backends />}>
        <Select
          label="Backend"
          hideLabel
          value={settings.backend}
          options={backendOptions(info)}
          onValueChange={backend => change({ backend })}
        />
      </SettingsRow>
      <SettingsRow title="Platform" text="Which image of a base is taken where it has several.">
        <Select
          label="Platform"
          hideLabel
          value={settings.platform}
          options={platformOptions(settings.platform)}
          onValueChange={platform => change({ platform })}
        />
      </SettingsRow>
      <SettingsRow
        title="File times"
        text="With one time for all, the same sources give the same image on every machine."
      >
        <Select
          label="File times"
          hideLabel
          value={settings.timestamps}
          options={timestamps}
          onValueChange={value => change({ timestamps: value })}
        />
      </SettingsRow>
      <SettingsRow title="Compression" text="How new layers are packed.">
        <Select
          label="Compression"
          hideLabel
          value={settings.compression}
          options={compressions}
          onValueChange={compression => change({ compression })}
        />
      </SettingsRow>
    </SettingsGroup>
  );
}

function Backends() {
  const { stores } = useApp();
  const info = useStore(stores.appInfo, state => state.info);
  if (info.kind !== 'ready') return null;
  return (
    <ul className="settings__backends">
      {info.value.backends.map(({ backend, available, reason }) => (
        <li key={backend}>
          <Badge tone={available ? 'ok' : 'neutral'}>
            {backend === 'hcs' ? 'HCS' : 'Portable'}: {available ? 'available' : 'not here'}
          </Badge>
          <span>{reason}</span>
        </li>
      ))}
    </ul>
  );
}

function Logs({ settings, change }: GroupProps) {
  return (
    <SettingsGroup title="Build logs">
      <SwitchRow
        title="Timestamps"
        text="Show the time before each line."
        checked={settings.showTimestamps}
        onChange={showTimestamps => change({ showTimestamps })}
      />
      <SwitchRow
        title="Wrap long lines"
        text="Instead of scrolling sideways."
        checked={settings.wrapLog}
        onChange={wrapLog => change({ wrapLog })}
      />
    </SettingsGroup>
  );
}

function Storage({ settings, change }: GroupProps) {
  const { stores, navigate } = useApp();
  const { info, refresh } = useStore(stores.appInfo);
  let content: ReactNode;
  if (info.kind === 'loading') content = <Skeleton label="Loading" lines={2} />;
  else if (info.kind === 'failed') {
    content = (
      <FailureView
        title="The store cannot be shown"
        failure={info.failure}
        onRetry={() => void refresh()}
      />
    );
  } else content = <StoreRow info={info.value} onShow={() => navigate.show('storage')} />;
  return (
    <SettingsGroup title="Storage">
      {content}
      <Cleanup settings={settings} change={change} />
    </SettingsGroup>
  );
}

function StoreRow({ info, onShow }: { readonly info: AppInfo; readonly onShow: () => void }) {
  return (
    <SettingsRow
      title="Store"
      text="Images, layers and build records. LAYERWRIGHT_STORE chooses another folder at the next start."
      extra={
        <p className="settings__path">
          <code>{visible(info.storeDir)}</code>
          <CopyButton text={info.storeDir} what="path of the store" />
        </p>
      }
    >
      <Button onClick={onShow}>{formatBytes(info.storeBytes)} of blobs: show storage</Button>
    </SettingsRow>
  );
}

function Privacy() {
  return (
    <SettingsGroup title="Privacy">
      <SettingsRow
        title="Telemetry: none"
        text="Layerwright sends nothing about you or your work. It speaks only to the registries that your images name, and to the download server when you look for updates."
      />
      <Diagnostics />
    </SettingsGroup>
  );
}
