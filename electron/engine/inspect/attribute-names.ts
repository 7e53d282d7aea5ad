// Microsoft, "File Attribute Constants" (FILE_ATTRIBUTE_*), lowest bit first.
const names: readonly (readonly [bit: number, name: string])[] = [
  [0x1, 'read-only'],
  [0x2, 'hidden'],
  [0x4, 'system'],
  [0x10, 'directory'],
  [0x20, 'archive'],
  [0x80, 'normal'],
  [0x100, 'temporary'],
  [0x200, 'sparse'],
  [0x400, 'reparse point'],
  [0x800, 'compressed'],
  [0x1000, 'offline'],
  [0x2000, 'not indexed'],
  [0x4000, 'encrypted'],
  [0x8000, 'integrity stream'],
  [0x20000, 'no scrub'],
  [0x40000, 'recall on open'],
  [0x80000, 'pinned'],
  [0x100000, 'unpinned'],
  [0x400000, 'recall on data access'],
];

/** The Win32 file attributes of a mask in words; bits without a name as one hexadecimal number. */
export function attributeNames(attributes: number): string[] {
  const known = names.filter(([bit]) => (attributes & bit) !== 0);
  const rest = known.reduce((mask, [bit]) => mask & ~bit, attributes) >>> 0;
  const words = known.map(([, name]) => name);
  return rest === 0 ? words : [...words, `0x${rest.toString(16)}`];
}
