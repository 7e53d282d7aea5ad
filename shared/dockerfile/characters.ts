/** What Go's unicode.IsSpace calls white space, which is what Docker's parser trims and splits by. */
export function isSpace(code: number): boolean {
  if (code === 32 || (code >= 9 && code <= 13)) return true;
  if (code < 0x85) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** White space that separates the words of an instruction (`[\t\v\f\r ]` in Docker's parser). */
export function isWordGap(code: number): boolean {
  return code === 32 || code === 9 || code === 11 || code === 12 || code === 13;
}

/** The first offset at or behind `from` whose character does not satisfy `test`. */
export function skip(text: string, from: number, test: (code: number) => boolean): number {
  let at = from;
  while (at < text.length && test(text.charCodeAt(at))) at++;
  return at;
}

/** The end of `text` without the characters at its end that satisfy `test`, not below `from`. */
export function skipBack(text: string, from: number, test: (code: number) => boolean): number {
  let end = text.length;
  while (end > from && test(text.charCodeAt(end - 1))) end--;
  return end;
}
