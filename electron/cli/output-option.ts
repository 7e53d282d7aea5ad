import path from 'node:path';
import type { AppError } from '../../shared/failure.ts';
import { optionFields, refusedOption } from './option-fields.ts';

/** Where a build's image goes besides the store. */
export interface Output {
  readonly format: 'oci-archive' | 'docker-archive' | 'oci-layout';
  /** Absolute path. */
  readonly dest: string;
}

const flag = '--output';

const formats: Readonly<Record<string, Output['format']>> = {
  oci: 'oci-archive',
  docker: 'docker-archive',
  'oci-dir': 'oci-layout',
};

/**
 * Reads `type=oci,dest=image.tar` as `docker build --output` does: fields in CSV, so `"dest=a,b.tar"` has a comma.
 * Relative paths start at `cwd`. Throws AppError `bad-request`.
 */
export function parseOutput(text: string, cwd: string): Output {
  const fields = optionFields(flag, text, ['type', 'dest']);
  const format = formats[fields.get('type') ?? ''];
  if (format === undefined) {
    throw refused(`type must be one of ${Object.keys(formats).join(', ')}`);
  }
  const dest = fields.get('dest') ?? '';
  if (dest === '' || dest === '-') throw refused('dest must name a file or folder');
  return { format, dest: path.resolve(cwd, dest) };
}

function refused(problem: string): AppError {
  return refusedOption(flag, problem);
}
