import { formatSddl, parseSddl } from './sddl.ts';
import { encodeSecurityDescriptor, parseSecurityDescriptor } from './security-binary.ts';

/** SDDL to the self-relative binary form. Throws security-descriptor-invalid. */
export function sddlToBinary(sddl: string): Uint8Array {
  return encodeSecurityDescriptor(parseSddl(sddl));
}

/** The self-relative binary form to SDDL. Throws security-descriptor-invalid. */
export function binaryToSddl(bytes: Uint8Array): string {
  return formatSddl(parseSecurityDescriptor(bytes));
}

/** What BuildKit's cross-build gives every directory below Files (util/winlayers/differ.go). Do not change the bytes. */
export const directorySecurityDescriptor: Uint8Array = sddlToBinary(
  'O:BAG:SYD:(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;;FA;;;BA)(A;OICIIO;GA;;;CO)' +
    '(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CI;DC;;;BU)',
);

/** What BuildKit's cross-build gives every file below Files (util/winlayers/differ.go). Do not change the bytes. */
export const fileSecurityDescriptor: Uint8Array = sddlToBinary(
  'O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x1200a9;;;BU)',
);
