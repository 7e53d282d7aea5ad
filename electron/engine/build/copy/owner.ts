import {
  encodeSecurityDescriptor,
  parseSecurityDescriptor,
} from '../../../../shared/windows/security-binary.ts';
import {
  directorySecurityDescriptor,
  fileSecurityDescriptor,
} from '../../../../shared/windows/security-descriptor.ts';
import type { NewDescriptors } from './layer-entries.ts';

/** Accounts whose SIDs are the same in every Windows container (Microsoft, "Secure Windows containers"). */
const containerAccounts: ReadonlyMap<string, string> = new Map([
  ['containeradministrator', 'S-1-5-93-2-1'],
  ['containeruser', 'S-1-5-93-2-2'],
]);

/** The descriptors of new files and folders; `chown` is an account of every container or a SID, and becomes the owner. */
export function newDescriptors(chown?: string): NewDescriptors {
  if (chown === undefined)
    return { directory: directorySecurityDescriptor, file: fileSecurityDescriptor };
  const account = chown.replace(/^User Manager\\/iu, '');
  const owner = containerAccounts.get(account.toLowerCase()) ?? account.toUpperCase();
  const owned = (descriptor: Uint8Array) =>
    encodeSecurityDescriptor({ ...parseSecurityDescriptor(descriptor), owner });
  return { directory: owned(directorySecurityDescriptor), file: owned(fileSecurityDescriptor) };
}
