/** A security identifier in its text form, `S-1-5-32-544`. */
export type Sid = string;

/** Kinds of access control entry that are read field by field (winnt.h, *_ACE_TYPE). */
export type AceKind = 'allow' | 'deny' | 'audit' | 'mandatory-label';

export type Ace =
  | {
      readonly kind: AceKind;
      /** ACE_HEADER.AceFlags: OI 1, CI 2, NP 4, IO 8, ID 0x10, SA 0x40, FA 0x80. */
      readonly flags: number;
      /** ACCESS_MASK, an unsigned 32 bit number. */
      readonly mask: number;
      readonly sid: Sid;
    }
  /** A kind that is only carried along: object, callback and resource ACEs. `body` is what follows the header. */
  | {
      readonly kind: 'other';
      readonly type: number;
      readonly flags: number;
      readonly body: Uint8Array;
    };

export interface Acl {
  /** P: entries of parents do not come down here. */
  readonly protected: boolean;
  /** AR: the parent asked for automatic inheritance. */
  readonly autoInheritRequested: boolean;
  /** AI: the entries were inherited automatically. */
  readonly autoInherited: boolean;
  /** 2, or 4 where object ACEs occur (ACL_REVISION, ACL_REVISION_DS). */
  readonly revision: number;
  readonly aces: readonly Ace[];
}

/** SECURITY_DESCRIPTOR. A DACL of `null` is the NULL DACL, which grants everything; an absent one says nothing. */
export interface SecurityDescriptor {
  readonly owner?: Sid;
  readonly group?: Sid;
  readonly dacl?: Acl | null;
  readonly sacl?: Acl | null;
}

/** ACE_HEADER.AceType of the kinds above (winnt.h). */
export const aceTypes: ReadonlyMap<AceKind, number> = new Map<AceKind, number>([
  ['allow', 0],
  ['deny', 1],
  ['audit', 2],
  ['mandatory-label', 0x11],
]);
