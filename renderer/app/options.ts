import type { AppInfo, Settings } from '../../shared/ipc/app-views.ts';
import type { Option } from '../components/select.tsx';
import type { Loadable } from '../stores/loadable.ts';

/** Windows releases one builds for; the builds are those of shared/windows. */
const platforms: readonly Option<string>[] = [
  { value: '', label: 'Default platform' },
  { value: 'windows/amd64', label: 'windows/amd64' },
  { value: 'windows(10.0.26100)/amd64', label: 'Server 2025, amd64' },
  { value: 'windows(10.0.20348)/amd64', label: 'Server 2022, amd64' },
  { value: 'windows(10.0.17763)/amd64', label: 'Server 2019, amd64' },
  { value: 'windows/arm64', label: 'windows/arm64' },
];

/** The platforms to choose from, with the chosen one even if it is none of ours. */
export function platformOptions(chosen: string): readonly Option<string>[] {
  const known = platforms.some(({ value }) => value === chosen);
  return known ? platforms : [...platforms, { value: chosen, label: chosen }];
}

const backendNames = { portable: 'Portable', hcs: 'HCS (Windows)' } as const;

/** The backends to choose from; what this host does not have cannot be chosen. */
export function backendOptions(info: Loadable<AppInfo>): readonly Option<Settings['backend']>[] {
  const backends = info.kind === 'ready' ? info.value.backends : [];
  return [
    { value: 'auto', label: 'Automatic backend' },
    ...(['portable', 'hcs'] as const).map(backend => ({
      value: backend,
      label: backendNames[backend],
      disabled: backends.some(known => known.backend === backend && !known.available),
    })),
  ];
}
