import { AppError } from '../failure.ts';
import type { Sid } from './security-model.ts';

/** SDDL's two letters for accounts that are the same on every machine ([MS-DTYP] 2.5.1.1). */
const aliases: ReadonlyMap<string, Sid> = new Map(
  Object.entries({
    AA: 'S-1-5-32-579',
    AC: 'S-1-15-2-1',
    AN: 'S-1-5-7',
    AO: 'S-1-5-32-548',
    AU: 'S-1-5-11',
    BA: 'S-1-5-32-544',
    BG: 'S-1-5-32-546',
    BO: 'S-1-5-32-551',
    BU: 'S-1-5-32-545',
    CD: 'S-1-5-32-574',
    CG: 'S-1-3-1',
    CO: 'S-1-3-0',
    CY: 'S-1-5-32-569',
    ED: 'S-1-5-9',
    ER: 'S-1-5-32-573',
    HA: 'S-1-5-32-578',
    HI: 'S-1-16-12288',
    IS: 'S-1-5-32-568',
    IU: 'S-1-5-4',
    LS: 'S-1-5-19',
    LU: 'S-1-5-32-559',
    LW: 'S-1-16-4096',
    ME: 'S-1-16-8192',
    MP: 'S-1-16-8448',
    MU: 'S-1-5-32-558',
    NO: 'S-1-5-32-556',
    NS: 'S-1-5-20',
    NU: 'S-1-5-2',
    OW: 'S-1-3-4',
    PO: 'S-1-5-32-550',
    PS: 'S-1-5-10',
    PU: 'S-1-5-32-547',
    RC: 'S-1-5-12',
    RD: 'S-1-5-32-555',
    RE: 'S-1-5-32-552',
    RM: 'S-1-5-32-580',
    RU: 'S-1-5-32-554',
    SI: 'S-1-16-16384',
    SO: 'S-1-5-32-549',
    SU: 'S-1-5-6',
    SY: 'S-1-5-18',
    WD: 'S-1-1-0',
    WR: 'S-1-5-33',
  }),
);
const aliasOf: ReadonlyMap<Sid, string> = new Map([...aliases].map(([alias, sid]) => [sid, alias]));

/** TrustedInstaller, the service that owns Windows' own files. */
export const trustedInstaller: Sid =
  'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464';

/** What people call the accounts that occur in container images. */
const names: ReadonlyMap<Sid, string> = new Map([
  ['S-1-1-0', 'Everyone'],
  ['S-1-3-0', 'Creator Owner'],
  ['S-1-3-1', 'Creator Group'],
  ['S-1-3-4', 'Owner Rights'],
  ['S-1-5-4', 'Interactive'],
  ['S-1-5-6', 'Service'],
  ['S-1-5-11', 'Authenticated Users'],
  ['S-1-5-18', 'Local System'],
  ['S-1-5-19', 'Local Service'],
  ['S-1-5-20', 'Network Service'],
  ['S-1-5-32-544', 'Administrators'],
  ['S-1-5-32-545', 'Users'],
  ['S-1-5-93-2-1', 'ContainerAdministrator'],
  ['S-1-5-93-2-2', 'ContainerUser'],
  ['S-1-15-2-1', 'All Application Packages'],
  ['S-1-15-2-2', 'All Restricted Application Packages'],
  ['S-1-16-4096', 'Low Mandatory Level'],
  ['S-1-16-8192', 'Medium Mandatory Level'],
  ['S-1-16-12288', 'High Mandatory Level'],
  ['S-1-16-16384', 'System Mandatory Level'],
  [trustedInstaller, 'TrustedInstaller'],
]);

const authorityLimit = 2 ** 48;
const maxSubAuthorities = 15;

/** The name of a well-known account, or the SID itself. */
export function sidName(sid: Sid): string {
  return names.get(sid) ?? sid;
}

/** SDDL's two letters for a SID where it has them, otherwise the SID. */
export function sddlSid(sid: Sid): string {
  return aliasOf.get(sid) ?? sid;
}

/**
 * Reads two letters or `S-1-...` at the start of `text` and tells how long that was. Letters that stand for an
 * account of a domain (DA, LA, ...) have no value without that domain and are not read. Undefined: no SID there.
 */
export function readSddlSid(
  text: string,
): { readonly sid: Sid; readonly length: number } | undefined {
  const alias = aliases.get(text.slice(0, 2).toUpperCase());
  if (alias !== undefined) return { sid: alias, length: 2 };
  const match = /^S-1-(0x[0-9a-f]{1,12}|\d{1,15})((?:-\d{1,10}){0,15})/i.exec(text);
  if (match === null) return undefined;
  const [whole, authority = '', rest = ''] = match;
  const subAuthorities = rest.split('-').slice(1).map(Number);
  if (Number(authority) >= authorityLimit || subAuthorities.some(n => n > 0xff_ff_ff_ff)) {
    return undefined;
  }
  return { sid: formatSid(Number(authority), subAuthorities), length: whole.length };
}

/** The binary form ([MS-DTYP] 2.4.2.2). Throws security-descriptor-invalid where `sid` is not a SID. */
export function encodeSid(sid: Sid): Uint8Array {
  const read = readSddlSid(sid);
  if (read === undefined || read.length !== sid.length)
    throw invalidSid(0, `"${sid}" is not a SID`);
  const [, , authority = '', ...subAuthorities] = read.sid.split('-');
  const bytes = new Uint8Array(8 + 4 * subAuthorities.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, subAuthorities.length);
  view.setUint16(2, Math.floor(Number(authority) / 2 ** 32));
  view.setUint32(4, Number(authority) % 2 ** 32);
  for (const [index, value] of subAuthorities.entries()) {
    view.setUint32(8 + 4 * index, Number(value), true);
  }
  return bytes;
}

/** Reads the SID at `offset`, which must end before `end`. Throws security-descriptor-invalid with the offset. */
export function decodeSid(view: DataView, offset: number, end: number): Sid {
  if (offset + 8 > end) throw invalidSid(offset, 'a SID is cut off');
  const count = view.getUint8(offset + 1);
  if (view.getUint8(offset) !== 1) throw invalidSid(offset, 'a SID has an unknown revision');
  if (count > maxSubAuthorities) throw invalidSid(offset, 'a SID has more than 15 parts');
  if (offset + 8 + 4 * count > end) throw invalidSid(offset, 'a SID is cut off');
  const authority = view.getUint16(offset + 2) * 2 ** 32 + view.getUint32(offset + 4);
  const part = (index: number) => view.getUint32(offset + 8 + 4 * index, true);
  return formatSid(
    authority,
    Array.from({ length: count }, (_, index) => part(index)),
  );
}

/** Decimal, or hexadecimal from 2^32 on, as [MS-DTYP] 2.4.2.1 demands; Number() reads both. */
function formatSid(authority: number, subAuthorities: readonly number[]): Sid {
  const first =
    authority < 2 ** 32 ? String(authority) : `0x${authority.toString(16).padStart(12, '0')}`;
  return ['S-1', first, ...subAuthorities].join('-');
}

function invalidSid(offset: number, problem: string): AppError {
  return new AppError({ code: 'security-descriptor-invalid', offset, problem });
}
