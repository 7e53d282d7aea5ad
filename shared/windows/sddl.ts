import { AppError } from '../failure.ts';
import { formatRights, parseRights } from './access-rights.ts';
import type { Ace, AceKind, Acl, SecurityDescriptor } from './security-model.ts';
import { readSddlSid, sddlSid } from './sid.ts';

/** ACE types ([MS-DTYP] 2.5.1.1) of the kinds that we read field by field. */
const aceCodes: readonly (readonly [string, AceKind])[] = [
  ['A', 'allow'],
  ['D', 'deny'],
  ['AU', 'audit'],
  ['ML', 'mandatory-label'],
];

const flagCodes: readonly (readonly [string, number])[] = [
  ['OI', 0x1],
  ['CI', 0x2],
  ['NP', 0x4],
  ['IO', 0x8],
  ['ID', 0x10],
  ['SA', 0x40],
  ['FA', 0x80],
];

/**
 * Reads SDDL text such as `O:BAG:SYD:P(A;OICI;FA;;;BA)S:(ML;;NW;;;LW)`. Object and conditional entries and
 * accounts of a domain are refused. Throws security-descriptor-invalid with the offset in characters.
 */
export function parseSddl(text: string): SecurityDescriptor {
  const found: { -readonly [K in keyof SecurityDescriptor]: SecurityDescriptor[K] } = {};
  let at = 0;
  while (at < text.length) {
    const part = text.slice(at, at + 2).toUpperCase();
    if (part === 'O:' || part === 'G:') {
      const read = readSddlSid(text.slice(at + 2));
      if (read === undefined) throw invalid(at + 2, 'expected two letters or S-1-...');
      found[part === 'O:' ? 'owner' : 'group'] = read.sid;
      at += 2 + read.length;
    } else if (part === 'D:' || part === 'S:') {
      const { acl, end } = readAcl(text, at + 2);
      found[part === 'D:' ? 'dacl' : 'sacl'] = acl;
      at = end;
    } else {
      throw invalid(at, 'expected O:, G:, D: or S:');
    }
  }
  return found;
}

function readAcl(text: string, start: number): { acl: Acl | null; end: number } {
  const [flags = ''] = /^(?:NO_ACCESS_CONTROL|(?:P|AR|AI)*)/i.exec(text.slice(start)) ?? [];
  let at = start + flags.length;
  if (flags.toUpperCase() === 'NO_ACCESS_CONTROL') return { acl: null, end: at };
  const aces: Ace[] = [];
  while (text[at] === '(') {
    const end = text.indexOf(')', at);
    if (end < 0) throw invalid(at, 'the closing parenthesis is missing');
    aces.push(readAce(text.slice(at + 1, end), at + 1));
    at = end + 1;
  }
  const set = new Set(flags.toUpperCase().match(/AR|AI|P/g));
  const acl = {
    protected: set.has('P'),
    autoInheritRequested: set.has('AR'),
    autoInherited: set.has('AI'),
    revision: 2,
    aces,
  };
  return { acl, end: at };
}

function readAce(text: string, offset: number): Ace {
  const fields = text.split(';');
  const [type = '', flagText = '', rights = '', object, inherited, account = ''] = fields;
  if (fields.length !== 6) throw invalid(offset, 'an entry has six fields');
  const kind = aceCodes.find(([code]) => code === type.toUpperCase())?.[1];
  if (kind === undefined) throw invalid(offset, `the entry type "${type}" is not known here`);
  const flags = readFlags(flagText);
  if (flags === undefined) throw invalid(offset, `"${flagText}" are not flags of an entry`);
  const mask = parseRights(rights);
  if (mask === undefined) throw invalid(offset, `"${rights}" are not rights`);
  if (object !== '' || inherited !== '') throw invalid(offset, 'object entries are not known here');
  const read = readSddlSid(account);
  if (read === undefined || read.length !== account.length) {
    throw invalid(offset, `"${account}" is not an account that is the same on every machine`);
  }
  return { kind, flags, mask, sid: read.sid };
}

function readFlags(text: string): number | undefined {
  if (text.length % 2 !== 0) return undefined;
  let flags = 0;
  for (let at = 0; at < text.length; at += 2) {
    const code = text.slice(at, at + 2).toUpperCase();
    const value = flagCodes.find(([name]) => name === code)?.[1];
    if (value === undefined) return undefined;
    flags |= value;
  }
  return flags;
}

/** Writes SDDL. An entry of a kind that we only carry along is shown as `(type 9)`, which is not SDDL. */
export function formatSddl(descriptor: SecurityDescriptor): string {
  const { owner, group, dacl, sacl } = descriptor;
  return [
    owner === undefined ? '' : `O:${sddlSid(owner)}`,
    group === undefined ? '' : `G:${sddlSid(group)}`,
    dacl === undefined ? '' : `D:${formatAcl(dacl)}`,
    sacl === undefined ? '' : `S:${formatAcl(sacl)}`,
  ].join('');
}

function formatAcl(acl: Acl | null): string {
  if (acl === null) return 'NO_ACCESS_CONTROL';
  return [
    acl.protected ? 'P' : '',
    acl.autoInheritRequested ? 'AR' : '',
    acl.autoInherited ? 'AI' : '',
    ...acl.aces.map(formatAce),
  ].join('');
}

function formatAce(ace: Ace): string {
  if (ace.kind === 'other') return `(type ${ace.type})`;
  const code = aceCodes.find(([, kind]) => kind === ace.kind)?.[0] ?? '';
  const flags = flagCodes.filter(([, value]) => (ace.flags & value) !== 0).map(([name]) => name);
  const rights = formatRights(ace.mask, ace.kind === 'mandatory-label');
  return `(${code};${flags.join('')};${rights};;;${sddlSid(ace.sid)})`;
}

function invalid(offset: number, problem: string): AppError {
  return new AppError({ code: 'security-descriptor-invalid', offset, problem });
}
