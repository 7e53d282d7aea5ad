import { readFile, stat } from 'node:fs/promises';
import { AppError } from '../../../../../../shared/failure.ts';
import type { RunOptions } from '../../../../../../shared/ipc/build-request.ts';

/** Gives the value of a secret; undefined where the build was not given it. Fails with `secret-unusable`. */
export type ReadSecret = (secretId: string) => Promise<Uint8Array | undefined>;

/** As large as a secret may be in BuildKit (session/secrets, MaxSecretSize); in bytes. */
const largest = 500 * 1024;

export function secretReader(
  secrets: RunOptions['secrets'],
  environment: Readonly<Record<string, string | undefined>>,
): ReadSecret {
  return async secretId => {
    const source = Object.hasOwn(secrets, secretId) ? secrets[secretId] : undefined;
    if (source === undefined) return undefined;
    if ('file' in source) return await readSecretFile(secretId, source.file);
    const value = environment[source.env];
    if (value === undefined) throw unusable(secretId, `the variable ${source.env} is not set.`);
    return Buffer.from(value);
  };
}

async function readSecretFile(secretId: string, file: string): Promise<Uint8Array> {
  const size = await stat(file).then(
    stats => stats.size,
    () => undefined,
  );
  if (size === undefined) throw unusable(secretId, `the file ${file} is not there.`);
  if (size > largest) throw unusable(secretId, `the file ${file} is larger than ${largest} bytes.`);
  try {
    return await readFile(file);
  } catch {
    throw unusable(secretId, `the file ${file} cannot be read.`);
  }
}

function unusable(secretId: string, problem: string): AppError {
  return new AppError({ code: 'secret-unusable', secretId, problem });
}
