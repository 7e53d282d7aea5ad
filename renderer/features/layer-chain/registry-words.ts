import type { RegistryGroup } from '../../../shared/ipc/inspect-views.ts';

/** How the groups of changes in a registry are named. */
export const groupWords: { readonly [G in RegistryGroup]: string } = {
  services: 'Services',
  drivers: 'Drivers',
  programs: 'Installed programs',
  environment: 'Environment',
  'run-keys': 'Run keys',
  'file-associations': 'File associations',
  fonts: 'Fonts',
  other: 'Other keys',
};

/** The name of a value; the default value of a key has none. */
export function valueName(name: string): string {
  return name === '' ? '(default)' : name;
}
