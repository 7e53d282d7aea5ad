/**
 * Characters that draw nothing or change how their neighbours are drawn: C0 and C1 controls, and the
 * bidirectional and zero-width marks that make a name look like another one (Unicode TR 36).
 */
const hidden =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** Makes the hidden characters of a text from outside visible: ESC becomes `␛`, U+202E becomes `⟨U+202E⟩`. */
export function visible(text: string): string {
  return text.replace(hidden, symbol);
}

/** As `visible`, of a text of many lines: their ends stay. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

function symbol(character: string): string {
  const code = character.charCodeAt(0);
  // "Control Pictures" begin at U+2400 in the order of the C0 controls; DEL has U+2421.
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`;
}
