import type { HostCheck, HostRemedy } from '../../../../shared/ipc/host-views.ts';
import type { WindowsFacts } from './facts.ts';
import { unknownCheck } from './unknown-check.ts';

const elevate: HostRemedy = {
  text: 'Start Layerwright as an administrator: this opens such a terminal.',
  command: 'Start-Process powershell -Verb RunAs',
};

export function checkElevation({ isElevated, unknown }: WindowsFacts): HostCheck {
  const common = { check: 'elevation', title: 'Administrator' } as const;
  if (isElevated === undefined) {
    return unknownCheck(common, unknown.isElevated);
  }
  if (isElevated) {
    return {
      ...common,
      state: 'ok',
      found: 'yes',
      meaning: 'Layerwright runs as an administrator, which containers need.',
    };
  }
  return {
    ...common,
    state: 'problem',
    found: 'no',
    meaning: 'Only an administrator may start containers and write their layers.',
    remedy: elevate,
  };
}

export function checkPrivileges({
  missingPrivileges,
  isElevated,
  unknown,
}: WindowsFacts): HostCheck {
  const common = { check: 'privileges', title: 'Privileges' } as const;
  if (missingPrivileges === undefined) {
    return unknownCheck(common, unknown.missingPrivileges);
  }
  if (missingPrivileges.length === 0) {
    return {
      ...common,
      state: 'ok',
      found: 'SeBackupPrivilege, SeRestorePrivilege',
      meaning: 'Files of layers can be read and written whoever owns them.',
    };
  }
  return {
    ...common,
    state: 'problem',
    found: `without ${missingPrivileges.join(', ')}`,
    meaning: 'Without them the files of layers cannot be read and written.',
    remedy:
      isElevated === true
        ? {
            text: 'Give your account the rights "Back up files and directories" and "Restore files and directories" (Local Policies, User Rights Assignment), then sign in again.',
            command: 'secpol.msc',
          }
        : elevate,
  };
}
