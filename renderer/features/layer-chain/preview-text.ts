/** Bytes that came as base64. */
export function bytesOfBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), character => character.charCodeAt(0));
}

const rowBytes = 16;

/** A hex dump: offset from the start of the file, 16 bytes in hexadecimal, and what of them is ASCII. */
export function hexDump(bytes: Uint8Array, offset: number): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += rowBytes) {
    const row = [...bytes.subarray(at, at + rowBytes)];
    const hex = row.map(byte => byte.toString(16).padStart(2, '0'));
    const halves = [hex.slice(0, 8).join(' '), hex.slice(8).join(' ')].join('  ');
    const ascii = row.map(byte => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'));
    lines.push(
      `${(offset + at).toString(16).padStart(8, '0')}  ${halves.padEnd(48)}  ${ascii.join('')}`,
    );
  }
  return lines.join('\n');
}

/** The text of some bytes in an encoding that TextDecoder knows; what is cut at their ends is left out. */
export function decodeText(bytes: Uint8Array, encoding: string): string {
  // The last character may be cut: a streaming decoder keeps it back.
  return new TextDecoder(encoding).decode(bytes, { stream: true });
}
