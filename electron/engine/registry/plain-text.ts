const longestText = 300;

/** A text of somebody else as it may be shown: one line, no control or direction characters, at most 300 characters. */
export function plainText(text: string): string {
  const line = text
    .slice(0, 4 * longestText)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > longestText ? `${line.slice(0, longestText - 1)}…` : line;
}
