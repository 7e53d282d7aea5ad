import { containerErrors } from './error-help/container-errors.ts';
import { errorEntries } from './error-help/entries.ts';
import { networkErrors } from './error-help/network-errors.ts';
import {
  generalErrors,
  hcnErrors,
  hcsErrors,
  win32Errors,
  type StatusCode,
} from './status-codes.ts';

/** What is known about an HRESULT. */
export interface StatusExplanation {
  /** Symbolic, such as `HCS_E_INVALID_JSON`; '' for one that is not known. */
  readonly name: string;
  readonly meaning: string;
  /** What to do about it, in this order; the same as `layerwright explain` says. */
  readonly remedies: readonly string[];
}

const byCode = new Map<number, StatusCode>(
  [...generalErrors, ...hcsErrors, ...hcnErrors].map(entry => [entry.code, entry]),
);
const byWin32Error = new Map(win32Errors.map(entry => [entry.code, entry]));

/** FACILITY_WIN32 (7): the low 16 bits are a Win32 error (HRESULT_FROM_WIN32). */
export function hresultOfWin32(error: number): number {
  return error === 0 ? 0 : (0x8007_0000 | (error & 0xffff)) >>> 0;
}

/** The Win32 error in an HRESULT; undefined for HRESULTs of another facility. */
export function win32OfHresult(hresult: number): number | undefined {
  const code = hresult >>> 0;
  return code >>> 16 === 0x8007 ? code & 0xffff : undefined;
}

/**
 * Names an HRESULT, signed or unsigned, and says what to do about it. Codes that HCS gives as NT codes count as well.
 * What a code means for programs only counts where one was to be started.
 */
export function explainStatus(hresult: number, of: 'host' | 'program' = 'host'): StatusExplanation {
  const code = asHresult(hresult);
  const win32 = win32OfHresult(code);
  const known = byCode.get(code) ?? (win32 === undefined ? undefined : byWin32Error.get(win32));
  const entries = of === 'program' ? errorEntries : [...containerErrors, ...networkErrors];
  const entry = entries.find(({ codes }) => codes?.includes(code));
  return {
    name: known?.name ?? '',
    meaning: known?.meaning ?? entry?.title ?? 'it failed for a reason that is not known here',
    remedies: entry?.remedies ?? [],
  };
}

/** HCS answers some codes as 0xC037xxxx (NT facility of virtualization), others as 0x8037xxxx; they mean the same. */
export function asHresult(status: number): number {
  const code = status >>> 0;
  return code >>> 16 === 0xc037 ? (0x8037_0000 | (code & 0xffff)) >>> 0 : code;
}
