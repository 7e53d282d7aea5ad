import { describe, expect, it } from 'vitest';
import { guidBytes, guidText } from '../../../../electron/engine/win32/guid.ts';

describe('a GUID', () => {
  const text = '00112233-4455-6677-8899-aabbccddeeff';

  it('has its first three fields in little endian, as guiddef.h lays it out', () => {
    expect(Buffer.from(guidBytes(text)).toString('hex')).toBe('33221100554477668899aabbccddeeff');
  });

  it('is read with braces and in capitals, and written bare in lower case', () => {
    expect(guidText(guidBytes(`{${text.toUpperCase()}}`))).toBe(text);
  });

  it('is refused where it is none', () => {
    for (const wrong of ['', text.slice(1), `${text}0`, text.replace('a', 'g')]) {
      expect(() => guidBytes(wrong)).toThrow(/not a GUID/);
    }
  });
});
