import { AppError, type Failure } from '../../../shared/failure.ts';

/** Runs one action of node:fs, and names its failure with the path that the user knows. */
export async function naming<T>(
  operation: string,
  file: string,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof AppError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new AppError(failureFor(String(error.code), operation, file), { cause: error });
  }
}

function failureFor(errno: string, operation: string, path: string): Failure {
  const full = errno === 'ENOSPC' || errno === 'EDQUOT';
  return full ? { code: 'disk-full', path } : { code: 'file-system', path, operation, errno };
}
