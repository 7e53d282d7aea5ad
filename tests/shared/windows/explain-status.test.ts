import { describe, expect, it } from 'vitest';
import {
  asHresult,
  explainStatus,
  hresultOfWin32,
  win32OfHresult,
} from '../../../shared/windows/explain-status.ts';
import {
  generalErrors,
  hcnErrors,
  hcsErrors,
  win32Errors,
} from '../../../shared/windows/status-codes.ts';

describe('status codes of Windows', () => {
  it('are known under one name each', () => {
    for (const table of [[...generalErrors, ...hcsErrors, ...hcnErrors], win32Errors]) {
      expect(new Set(table.map(({ code }) => code)).size).toBe(table.length);
    }
  });

  it('mean the same signed, unsigned and as an NT code', () => {
    const expected = explainStatus(0x8037_010d);
    expect(expected).toMatchObject({ name: 'HCS_E_INVALID_JSON' });
    expect(expected.remedies).not.toEqual([]);
    expect(explainStatus(0x8037_010d | 0)).toEqual(expected);
    expect(explainStatus(0xc037_010d)).toEqual(expected);
    expect(asHresult(-1_070_137_075)).toBe(0x8037_010d);
  });

  it('go from Win32 errors to HRESULTs and back', () => {
    expect(hresultOfWin32(5)).toBe(0x8007_0005);
    expect(win32OfHresult(0x8007_0005 | 0)).toBe(5);
    expect(win32OfHresult(0x8037_0102)).toBeUndefined();
    expect(hresultOfWin32(0)).toBe(0);
    expect(explainStatus(hresultOfWin32(1300)).name).toBe('ERROR_NOT_ALL_ASSIGNED');
  });

  it('bring advice about programs only where a program was to be started', () => {
    expect(explainStatus(0x8007_0002).remedies).toEqual([]);
    expect(explainStatus(0x8007_0002, 'program').remedies).not.toEqual([]);
  });

  it('of container networks bring the command that helps', () => {
    expect(explainStatus(0x803b_002f).remedies.join(' ')).toContain('Restart-Service hns');
  });

  it('that are not known still say something', () => {
    expect(explainStatus(0x8abc_1234)).toEqual({
      name: '',
      meaning: 'it failed for a reason that is not known here',
      remedies: [],
    });
  });
});
