/** A key combination such as `Mod+Shift+P`; `Mod` is Cmd on macOS and Ctrl elsewhere. */
export type Keys = string;

/** The part of a KeyboardEvent that decides. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

interface Combination {
  readonly mod: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly key: string;
}

function parseKeys(keys: Keys): Combination {
  // A trailing "+" is the plus key itself, so it is no separator.
  const parts = keys.split(/\+(?!$)/);
  const key = parts.at(-1) ?? '';
  const modifiers = new Set(parts.slice(0, -1));
  return {
    mod: modifiers.has('Mod'),
    alt: modifiers.has('Alt'),
    shift: modifiers.has('Shift'),
    key,
  };
}

/** Tells whether a press is that combination. Letters and digits also match by place, since Alt changes `key` on macOS. */
export function matchesKeys(press: KeyPress, keys: Keys, isMac: boolean): boolean {
  const wanted = parseKeys(keys);
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const otherMod = isMac ? press.ctrlKey : press.metaKey;
  if (mod !== wanted.mod || otherMod || press.altKey !== wanted.alt) return false;
  if (isCharacter(wanted.key)) {
    // Which symbols need Shift differs between keyboards, so only the symbol itself counts.
    return press.key === wanted.key;
  }
  return press.shiftKey === wanted.shift && sameKey(press, wanted.key);
}

function isCharacter(key: string): boolean {
  return key.length === 1 && !/[a-z0-9]/i.test(key);
}

function sameKey(press: KeyPress, key: string): boolean {
  if (press.key.toLowerCase() === key.toLowerCase()) return true;
  return press.code === `Key${key.toUpperCase()}` || press.code === `Digit${key}`;
}

const macSymbols: Readonly<Record<string, string>> = { Mod: '⌘', Alt: '⌥', Shift: '⇧' };
const named: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
};

/** The caps to draw for a combination, in the platform's words: `['Ctrl', 'Shift', 'P']`. */
export function keyCaps(keys: Keys, isMac: boolean): readonly string[] {
  return keys.split(/\+(?!$)/).map(part => {
    if (isMac && macSymbols[part] !== undefined) return macSymbols[part];
    if (part === 'Mod') return 'Ctrl';
    return named[part] ?? (part.length === 1 ? part.toUpperCase() : part);
  });
}

/** The same in the notation of `aria-keyshortcuts` (WAI-ARIA): `Control+Shift+P`. */
export function ariaKeys(keys: Keys, isMac: boolean): string {
  return keys.replace('Mod', isMac ? 'Meta' : 'Control');
}
