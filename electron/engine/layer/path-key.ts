// Windows compares names by their upper-case form, character by character ($UpCase): no locale, and no
// mapping that makes a name longer (German sharp s stays itself).
const ascii = /^[\0-\u007f]*$/;

/** The form under which two spellings of a path are the same file to Windows. */
export function pathKey(path: string): string {
  if (ascii.test(path)) return path.toUpperCase();
  let key = '';
  for (const character of path) {
    const upper = character.toUpperCase();
    key += upper.length === character.length ? upper : character;
  }
  return key;
}
