import type { RegistryGroup, RegistryHit } from '../../../shared/ipc/inspect-views.ts';

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

/** Where something was found. */
export const partWords: { readonly [P in RegistryHit['found']]: string } = {
  key: 'Key',
  name: 'Name of value',
  data: 'Data',
};

/** What the form of the search holds. */
export interface RegistryForm {
  readonly text: string;
  readonly mode: 'text' | 'glob';
  readonly part: RegistryHit['found'] | 'any';
  readonly layers: 'all' | 'this';
}

/** What to ask for; undefined where nothing is looked for yet. */
export function registryQuery({ text, mode, part, layers }: RegistryForm) {
  if (text.trim() === '') return undefined;
  return {
    ...(mode === 'glob' ? { glob: text } : { text }),
    ...(part === 'any' ? {} : { parts: [part] }),
    onlyThisLayer: layers === 'this',
  };
}
