import { AppError } from '../failure.ts';
import {
  aceTypes,
  type Ace,
  type AceKind,
  type Acl,
  type SecurityDescriptor,
} from './security-model.ts';
import { decodeSid, encodeSid } from './sid.ts';

const headerSize = 20;
const aclHeaderSize = 8;
const aceHeaderSize = 4;
const selfRelative = 0x80_00;

/** SECURITY_DESCRIPTOR_CONTROL bits of the two lists ([MS-DTYP] 2.4.6). */
interface AclBits {
  readonly present: number;
  readonly autoInheritRequested: number;
  readonly autoInherited: number;
  readonly protected: number;
}
const daclBits: AclBits = {
  present: 0x4,
  autoInheritRequested: 0x1_00,
  autoInherited: 0x4_00,
  protected: 0x10_00,
};
const saclBits: AclBits = {
  present: 0x10,
  autoInheritRequested: 0x2_00,
  autoInherited: 0x8_00,
  protected: 0x20_00,
};

/**
 * Reads a self-relative security descriptor ([MS-DTYP] 2.4.6). Every offset and count is checked against the
 * bytes at hand. Throws security-descriptor-invalid with the offset in bytes.
 */
export function parseSecurityDescriptor(bytes: Uint8Array): SecurityDescriptor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headerSize) throw invalid(0, 'it is shorter than its header');
  if (view.getUint8(0) !== 1) throw invalid(0, 'its revision is not 1');
  const control = view.getUint16(2, true);
  if ((control & selfRelative) === 0) throw invalid(2, 'it is not self-relative');
  const ownerAt = view.getUint32(4, true);
  const groupAt = view.getUint32(8, true);
  const sacl = readAcl(view, view.getUint32(12, true), control, saclBits);
  const dacl = readAcl(view, view.getUint32(16, true), control, daclBits);
  return {
    ...(ownerAt === 0 ? {} : { owner: decodeSid(view, ownerAt, bytes.length) }),
    ...(groupAt === 0 ? {} : { group: decodeSid(view, groupAt, bytes.length) }),
    ...(dacl === undefined ? {} : { dacl }),
    ...(sacl === undefined ? {} : { sacl }),
  };
}

function readAcl(
  view: DataView,
  offset: number,
  control: number,
  bits: AclBits,
): Acl | null | undefined {
  if ((control & bits.present) === 0) return undefined;
  if (offset === 0) return null;
  if (offset + aclHeaderSize > view.byteLength) throw invalid(offset, 'an access list is cut off');
  const size = view.getUint16(offset + 2, true);
  if (size < aclHeaderSize || offset + size > view.byteLength) {
    throw invalid(offset + 2, 'an access list is longer than the descriptor');
  }
  return {
    protected: (control & bits.protected) !== 0,
    autoInheritRequested: (control & bits.autoInheritRequested) !== 0,
    autoInherited: (control & bits.autoInherited) !== 0,
    revision: view.getUint8(offset),
    aces: readAces(view, offset, offset + size),
  };
}

function readAces(view: DataView, aclAt: number, end: number): Ace[] {
  const count = view.getUint16(aclAt + 4, true);
  const aces: Ace[] = [];
  let at = aclAt + aclHeaderSize;
  for (let index = 0; index < count; index++) {
    if (at + aceHeaderSize > end) throw invalid(at, 'an access entry is cut off');
    const size = view.getUint16(at + 2, true);
    if (size < aceHeaderSize || at + size > end) {
      throw invalid(at + 2, 'an access entry is longer than its list');
    }
    aces.push(readAce(view, at, size));
    at += size;
  }
  return aces;
}

function readAce(view: DataView, at: number, size: number): Ace {
  const type = view.getUint8(at);
  const flags = view.getUint8(at + 1);
  const kind = [...aceTypes].find(([, value]) => value === type)?.[0];
  if (kind === undefined) {
    const start = view.byteOffset + at + aceHeaderSize;
    const body = new Uint8Array(view.buffer.slice(start, start + size - aceHeaderSize));
    return { kind: 'other', type, flags, body };
  }
  if (size < aceHeaderSize + 4) throw invalid(at + 2, 'an access entry is too short');
  const mask = view.getUint32(at + 4, true);
  return { kind, flags, mask, sid: decodeSid(view, at + 8, at + size) };
}

/**
 * Writes the self-relative form in the order that Windows uses: owner, group, SACL, DACL.
 * Throws security-descriptor-invalid where a list is larger than its 16 bit size field allows.
 */
export function encodeSecurityDescriptor(descriptor: SecurityDescriptor): Uint8Array {
  const parts = [
    descriptor.owner === undefined ? undefined : encodeSid(descriptor.owner),
    descriptor.group === undefined ? undefined : encodeSid(descriptor.group),
    encodeAcl(descriptor.sacl),
    encodeAcl(descriptor.dacl),
  ];
  const size = parts.reduce((sum, part) => sum + (part?.length ?? 0), headerSize);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  const control = controlOf(descriptor.sacl, saclBits) | controlOf(descriptor.dacl, daclBits);
  view.setUint16(2, selfRelative | control, true);
  let at = headerSize;
  for (const [index, part] of parts.entries()) {
    if (part === undefined) continue;
    view.setUint32(4 + 4 * index, at, true);
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function controlOf(acl: Acl | null | undefined, bits: AclBits): number {
  if (acl === undefined) return 0;
  if (acl === null) return bits.present;
  return (
    bits.present |
    (acl.protected ? bits.protected : 0) |
    (acl.autoInheritRequested ? bits.autoInheritRequested : 0) |
    (acl.autoInherited ? bits.autoInherited : 0)
  );
}

function encodeAcl(acl: Acl | null | undefined): Uint8Array | undefined {
  if (acl === undefined || acl === null) return undefined;
  const aces = acl.aces.map(encodeAce);
  const size = aces.reduce((sum, ace) => sum + ace.length, aclHeaderSize);
  if (size > 0xff_ff) throw invalid(0, 'an access list is larger than 65535 bytes');
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, acl.revision);
  view.setUint16(2, size, true);
  view.setUint16(4, aces.length, true);
  let at = aclHeaderSize;
  for (const ace of aces) {
    bytes.set(ace, at);
    at += ace.length;
  }
  return bytes;
}

function encodeAce(ace: Ace): Uint8Array {
  const [type, body] =
    ace.kind === 'other' ? [ace.type, ace.body] : [typeOf(ace.kind), encodeSid(ace.sid)];
  const bodyAt = ace.kind === 'other' ? aceHeaderSize : aceHeaderSize + 4;
  const bytes = new Uint8Array(bodyAt + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, type);
  view.setUint8(1, ace.flags);
  view.setUint16(2, bytes.length, true);
  if (ace.kind !== 'other') view.setUint32(4, ace.mask, true);
  bytes.set(body, bodyAt);
  return bytes;
}

function typeOf(kind: AceKind): number {
  return aceTypes.get(kind) ?? 0;
}

function invalid(offset: number, problem: string): AppError {
  return new AppError({ code: 'security-descriptor-invalid', offset, problem });
}
