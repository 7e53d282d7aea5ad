import { AppError } from '../../../shared/failure.ts';
import {
  asHresult,
  explainStatus,
  hresultOfWin32,
} from '../../../shared/windows/explain-status.ts';
import { eventsOfResult } from './result-document.ts';
import type { DllName } from './dll.ts';

/** A function of Windows that answered `hresult`; `document` is what HCS or HNS says about it, '' for nothing. */
export function apiFailure(
  api: string,
  hresult: number,
  about: { readonly subject?: string; readonly document?: string } = {},
): AppError {
  const status = asHresult(hresult);
  return new AppError({
    code: 'windows-api',
    api,
    status,
    ...explainStatus(status, api === 'HcsCreateProcess' ? 'program' : 'host'),
    subject: about.subject ?? '',
    events: eventsOfResult(about.document ?? ''),
  });
}

/** The same for a function that sets the thread's last error. */
export function win32Failure(api: string, error: number, subject = ''): AppError {
  return apiFailure(api, hresultOfWin32(error), { subject });
}

/** Whether `error` is a function of Windows that failed with one of these HRESULTs. */
export function isStatus(error: unknown, ...hresults: readonly number[]): boolean {
  if (!(error instanceof AppError) || error.failure.code !== 'windows-api') return false;
  const { status } = error.failure;
  return hresults.some(hresult => asHresult(hresult) === status);
}

/** The same for Win32 errors, whether they came as such or inside of an HRESULT. */
export function isWin32(error: unknown, ...win32Errors: readonly number[]): boolean {
  return isStatus(error, ...win32Errors.map(hresultOfWin32));
}

export function missingLibrary(library: DllName, cause?: unknown): AppError {
  const reason = process.platform === 'win32' ? 'not-found' : 'not-windows';
  return new AppError(
    { code: 'windows-library-missing', library, function: '', reason },
    cause === undefined ? {} : { cause },
  );
}

export function missingFunction(library: DllName, name: string, cause: unknown): AppError {
  return new AppError(
    { code: 'windows-library-missing', library, function: name, reason: 'too-old' },
    { cause },
  );
}
