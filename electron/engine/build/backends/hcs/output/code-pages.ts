/** The upper halves of OEM code pages that TextDecoder does not have (unicode.org, MAPPINGS/VENDORS/MICSFT/PC). */
const upperHalves: Readonly<Record<number, string>> = {
  // United States
  437: 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  // Western Europe
  850: 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  // Central Europe
  852: 'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
};

/** Windows code pages by the names that the Encoding Standard (encoding.spec.whatwg.org) gives them. */
const encodings: Readonly<Record<number, string>> = {
  866: 'ibm866',
  874: 'windows-874',
  932: 'shift_jis',
  936: 'gbk',
  949: 'euc-kr',
  950: 'big5',
  1250: 'windows-1250',
  1251: 'windows-1251',
  1252: 'windows-1252',
  1253: 'windows-1253',
  1254: 'windows-1254',
  1255: 'windows-1255',
  1256: 'windows-1256',
  1257: 'windows-1257',
  1258: 'windows-1258',
};

/** Makes text of the bytes of one whole line. Never fails: bytes that mean nothing are shown as `\xNN`. */
export type DecodeLine = (bytes: Uint8Array) => string;

/** Reads lines in a code page, by its number; one that is not known is read as 437. */
export function codePageDecoder(codePage: number): DecodeLine {
  const encoding = encodings[codePage];
  if (encoding !== undefined) return standardDecoder(encoding);
  const upper = upperHalves[codePage] ?? upperHalves[437] ?? '';
  return bytes => {
    let text = '';
    for (const byte of bytes) text += byte < 128 ? String.fromCharCode(byte) : upper[byte - 128];
    return text;
  };
}

function standardDecoder(encoding: string): DecodeLine {
  const decoder = new TextDecoder(encoding, { fatal: true });
  return bytes => {
    try {
      return decoder.decode(bytes);
    } catch {
      return Array.from(bytes, byte => (byte < 128 ? String.fromCharCode(byte) : hex(byte))).join(
        '',
      );
    }
  };
}

function hex(byte: number): string {
  return `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}
