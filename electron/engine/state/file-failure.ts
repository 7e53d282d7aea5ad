import type { Failure } from '../../../shared/failure.ts';

/** Names the failure behind an error of node:fs; undefined where it is another error. */
export function fileSystemFailure(
  error: unknown,
  operation: string,
  path: string,
): Failure | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  const errno = String(error.code);
  if (errno === 'ENOSPC' || errno === 'EDQUOT') return { code: 'disk-full', path };
  return { code: 'file-system', path, operation, errno };
}
