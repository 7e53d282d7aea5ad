import type { RegistryGroup } from '../../../../shared/ipc/inspect-views.ts';

/** Where a key belongs, and how many names of its path are the thing that it is a part of. */
export interface KeyPlace {
  /** `services` also stands for drivers: the type of the service tells them apart. */
  readonly group: RegistryGroup;
  /** Names below the mount; more than the key has where the key is only on the way to such things. */
  readonly depth: number;
}

interface GroupRule {
  readonly mount: RegExp;
  /** Names below the mount, in upper case; `*` stands for one name. */
  readonly names: readonly string[];
  readonly group: RegistryGroup;
  /** Names below `names` that belong to the thing itself. */
  readonly below: number;
}

const machine = (hive: string) => new RegExp(`^HKLM\\\\${hive}$`);
const anyUser = /^HKU\\(?!.*_Classes$)/i;
const software = machine('SOFTWARE');

/** A rule for a key of SOFTWARE, the same below WOW6432Node, where 32-bit programs have theirs. */
function softwareRules(path: string, group: RegistryGroup, below: number): GroupRule[] {
  const names = path.toUpperCase().split('\\');
  return [
    { mount: software, names, group, below },
    { mount: software, names: ['WOW6432NODE', ...names], group, below },
    { mount: anyUser, names: ['SOFTWARE', ...names], group, below },
  ];
}

// Places: Microsoft, "HKLM\SYSTEM\CurrentControlSet\Services Registry Tree", "Uninstall Registry Key",
// "Environment Variables", "Run and RunOnce Registry Keys", "HKEY_CLASSES_ROOT Key".
const version = 'Microsoft\\Windows\\CurrentVersion';
const rules: readonly GroupRule[] = [
  { mount: machine('SYSTEM'), names: ['*', 'SERVICES'], group: 'services', below: 1 },
  {
    mount: machine('SYSTEM'),
    names: ['*', 'CONTROL', 'SESSION MANAGER', 'ENVIRONMENT'],
    group: 'environment',
    below: 0,
  },
  { mount: anyUser, names: ['ENVIRONMENT'], group: 'environment', below: 0 },
  ...softwareRules(`${version}\\Uninstall`, 'programs', 1),
  ...softwareRules(`${version}\\Run`, 'run-keys', 0),
  ...softwareRules(`${version}\\RunOnce`, 'run-keys', 0),
  ...softwareRules(`${version}\\RunServices`, 'run-keys', 0),
  ...softwareRules('Microsoft\\Windows NT\\CurrentVersion\\Fonts', 'fonts', 0),
  ...softwareRules('Classes', 'file-associations', 1),
  { mount: /^HKU\\.*_Classes$/i, names: [], group: 'file-associations', below: 1 },
];

/** The group of a key; of keys that belong nowhere, each stands for itself. */
export function placeOf(mount: string, names: readonly string[]): KeyPlace {
  const upper = names.map(name => name.toUpperCase());
  const found = rules.find(
    rule =>
      rule.mount.test(mount) &&
      rule.names.length <= upper.length &&
      rule.names.every((name, index) => name === '*' || name === upper[index]),
  );
  const depth = found && found.names.length + found.below;
  // The key above all services, programs or classes is none itself.
  if (!found || depth === undefined || names.length < depth) {
    return { group: 'other', depth: names.length };
  }
  return { group: found.group, depth };
}
