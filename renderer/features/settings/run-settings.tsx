import { useStore } from 'zustand';
import type { Settings } from '../../../shared/ipc/app-views.ts';
import { useApp } from '../../app/context.tsx';
import { Select, type Option } from '../../components/select.tsx';
import { KeptField } from './kept-field.tsx';
import { LimitField } from './number-field.tsx';
import { SettingsGroup, SettingsRow, SwitchRow } from './rows.tsx';

type Run = Settings['run'];

const isolations: readonly Option<Run['isolation']>[] = [
  { value: 'auto', label: 'As base and host allow' },
  { value: 'process', label: 'Process' },
  { value: 'hyperv', label: 'Hyper-V' },
];

interface RunSettingsProps {
  readonly settings: Settings;
  readonly change: (part: Partial<Settings>) => void;
}

const gibibyte = 1024 ** 3;

/** How RUN runs; shown where this host can run containers. */
export function RunSettings({ settings: { run }, change }: RunSettingsProps) {
  const { stores } = useApp();
  const info = useStore(stores.appInfo, state => state.info);
  const canRun =
    info.kind === 'ready' &&
    info.value.backends.some(({ backend, available }) => backend === 'hcs' && available);
  if (!canRun) return null;
  const set = (part: Partial<Run>): void => change({ run: { ...run, ...part } });
  const limit = (
    name: 'memoryBytes' | 'cpus' | 'scratchBytes' | 'timeoutSeconds',
    unit: number,
  ) => ({
    value: run[name] === undefined ? undefined : run[name] / unit,
    onValueChange(value: number | undefined) {
      const { [name]: _, ...rest } = run;
      change({ run: value === undefined ? rest : { ...rest, [name]: value * unit } });
    },
  });
  return (
    <SettingsGroup title="Programs of RUN">
      <SettingsRow
        title="Isolation"
        text="Process isolation starts faster; Hyper-V also takes bases of older builds."
      >
        <Select
          label="Isolation"
          hideLabel
          value={run.isolation}
          options={isolations}
          onValueChange={isolation => set({ isolation })}
        />
      </SettingsRow>
      <SettingsRow
        title="Network"
        text="default (NAT), none, or the name of a container network of this host."
      >
        <KeptField
          label="Network"
          value={run.network}
          fits={network => network.trim() !== ''}
          problem="A name, default or none"
          onValueChange={network => set({ network: network.trim() })}
        />
      </SettingsRow>
      <SettingsRow title="Memory" text="GiB for each RUN; empty leaves it to Windows.">
        <LimitField label="GiB of memory" most={4096} {...limit('memoryBytes', gibibyte)} />
      </SettingsRow>
      <SettingsRow title="Processors" text="For each RUN; empty leaves it to Windows.">
        <LimitField label="Processors" most={1024} {...limit('cpus', 1)} />
      </SettingsRow>
      <SettingsRow
        title="Scratch"
        text="GiB that a RUN may write; empty means the 20 GiB of Windows."
      >
        <LimitField label="GiB of scratch" most={65_536} {...limit('scratchBytes', gibibyte)} />
      </SettingsRow>
      <SettingsRow title="Time limit" text="Minutes after which a RUN is ended; empty for none.">
        <LimitField label="Minutes" most={10_080} {...limit('timeoutSeconds', 60)} />
      </SettingsRow>
      <SwitchRow
        title="Keep failed steps"
        text="The files of a RUN that fails stay, so that a shell can be opened in them. Until they are dropped they take room in the store."
        checked={run.keepFailed}
        onChange={keepFailed => set({ keepFailed })}
      />
    </SettingsGroup>
  );
}
