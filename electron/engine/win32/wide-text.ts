/** The text in a buffer of UTF-16 that a function of Windows has filled, up to its NUL. */
export function textUntilNul(utf16: Buffer): string {
  const [text = ''] = utf16.toString('utf16le').split('\0');
  return text;
}
