import type { Ace, Acl } from '../../../shared/windows/security-model.ts';
import { parseSddl } from '../../../shared/windows/sddl.ts';
import { sidName } from '../../../shared/windows/sid.ts';

/** What a descriptor protects: the same bits mean other rights. */
export type Secured = 'file' | 'key';

/** What a security descriptor says, for people. */
export interface SecurityWords {
  readonly owner?: string;
  readonly group?: string;
  /** One for each access control entry, in its order; the order decides. */
  readonly rules: readonly SecurityRule[];
  /** What holds for the list as a whole. */
  readonly remarks: readonly string[];
}

export interface SecurityRule {
  /** `allow`, `deny`, `audit`, ... */
  readonly kind: string;
  readonly account: string;
  readonly rights: string;
  /** To what the rule comes down, and whether it came from above. */
  readonly applies: string;
}

/** Explains SDDL; undefined where it cannot be read, and then the text itself is all there is to show. */
export function securityWords(sddl: string, of: Secured): SecurityWords | undefined {
  try {
    const { owner, group, dacl, sacl } = parseSddl(sddl);
    return {
      ...(owner === undefined ? {} : { owner: sidName(owner) }),
      ...(group === undefined ? {} : { group: sidName(group) }),
      rules: [...(dacl?.aces ?? []), ...(sacl?.aces ?? [])].map(ace => ruleOf(ace, of)),
      remarks: remarksOf(dacl),
    };
  } catch {
    return undefined;
  }
}

function remarksOf(dacl: Acl | null | undefined): readonly string[] {
  if (dacl === undefined) return [];
  if (dacl === null) return ['There is no list of rules: everyone may do everything.'];
  return [
    ...(dacl.aces.length === 0 ? ['The list of rules is empty: nobody may do anything.'] : []),
    ...(dacl.protected ? ['Rules of the folders above do not come down here.'] : []),
  ];
}

function ruleOf(ace: Ace, of: Secured): SecurityRule {
  const applies = appliesWords(ace.flags, of);
  if (ace.kind === 'other') {
    const bytes = `${ace.body.length} bytes that are not read`;
    return { kind: `type ${ace.type}`, account: '', rights: bytes, applies };
  }
  const rights = ace.kind === 'mandatory-label' ? labelWords(ace.mask) : rightsWords(ace.mask, of);
  return {
    kind: ace.kind === 'mandatory-label' ? 'integrity' : ace.kind,
    account: sidName(ace.sid),
    rights,
    applies,
  };
}

interface Rights {
  /** Masks that Windows shows under one name. */
  readonly whole: ReadonlyMap<number, string>;
  readonly single: readonly (readonly [number, string])[];
}

/** Rights that every object has (winnt.h, "Standard access rights" and generic ones). */
const standard: Rights['single'] = [
  [0x1_00_00, 'delete'],
  [0x2_00_00, 'read permissions'],
  [0x4_00_00, 'change permissions'],
  [0x8_00_00, 'take ownership'],
  [0x10_00_00, 'synchronise'],
  [0x10_00_00_00, 'everything (generic)'],
  [0x20_00_00_00, 'execute (generic)'],
  [0x40_00_00_00, 'write (generic)'],
  [0x80_00_00_00, 'read (generic)'],
];
const generic: readonly (readonly [number, string])[] = [
  [0x10_00_00_00, 'full control (generic)'],
  [0x80_00_00_00, 'read (generic)'],
  [0xa0_00_00_00, 'read and execute (generic)'],
  [0xe0_01_00_00, 'modify (generic)'],
];

const rights: { readonly [S in Secured]: Rights } = {
  // winnt.h, FILE_ALL_ACCESS and the like.
  file: {
    whole: new Map([
      ...generic,
      [0x1f_01_ff, 'full control'],
      [0x13_01_bf, 'modify'],
      [0x12_00_a9, 'read and execute'],
      [0x12_00_89, 'read'],
      [0x12_01_16, 'write'],
      [0x12_00_a0, 'execute'],
    ]),
    single: [
      [0x1, 'read data'],
      [0x2, 'write data'],
      [0x4, 'append'],
      [0x8, 'read extended attributes'],
      [0x10, 'write extended attributes'],
      [0x20, 'execute'],
      [0x40, 'delete children'],
      [0x80, 'read attributes'],
      [0x1_00, 'write attributes'],
      ...standard,
    ],
  },
  // winnt.h, KEY_ALL_ACCESS and the like.
  key: {
    whole: new Map([
      ...generic,
      [0xf_00_3f, 'full control'],
      [0x2_00_19, 'read'],
      [0x2_00_06, 'write'],
    ]),
    single: [
      [0x1, 'query values'],
      [0x2, 'set values'],
      [0x4, 'create subkeys'],
      [0x8, 'list subkeys'],
      [0x10, 'notify'],
      [0x20, 'create links'],
      ...standard,
    ],
  },
};

/** The rights that a mask grants or denies. */
export function rightsWords(mask: number, of: Secured): string {
  const { whole, single } = rights[of];
  const name = whole.get(mask);
  if (name !== undefined) return name;
  const named = single.filter(([bit]) => (mask & bit) !== 0);
  const rest = named.reduce((left, [bit]) => left & ~bit, mask) >>> 0;
  const words = named.map(([, word]) => word);
  return [...words, ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])].join(', ') || 'nothing';
}

function labelWords(mask: number): string {
  const words = [
    [0x1, 'no writing'],
    [0x2, 'no reading'],
    [0x4, 'no executing'],
  ] as const;
  const set = words.filter(([bit]) => (mask & bit) !== 0).map(([, word]) => word);
  return `${set.join(', ') || 'no limit'} from below this level`;
}

const objectInherit = 1;
const containerInherit = 2;
const inheritOnly = 8;
const inherited = 0x10;

function appliesWords(flags: number, of: Secured): string {
  const children = [
    ...((flags & containerInherit) === 0 ? [] : [of === 'key' ? 'subkeys' : 'subfolders']),
    ...((flags & objectInherit) === 0 ? [] : ['files']),
  ];
  const places = [...((flags & inheritOnly) === 0 ? ['this'] : []), ...children];
  const where = places.length > 1 || (flags & inheritOnly) !== 0 ? places.join(', ') : '';
  return [where, ...((flags & inherited) === 0 ? [] : ['inherited'])].filter(Boolean).join('; ');
}
