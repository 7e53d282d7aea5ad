import path from 'node:path';
import { AppError } from '../../shared/failure.ts';

/** Where a build's image goes besides the store. */
export interface Output {
  readonly format: 'oci-archive' | 'docker-archive' | 'oci-layout';
  /** Absolute path. */
  readonly dest: string;
}

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
  const fields = new Map<string, string>();
  for (const field of csvFields(text)) {
    const equals = field.indexOf('=');
    if (equals < 1) throw refused(`"${field}" is not of the form key=value`);
    const key = field.slice(0, equals);
    if (key !== 'type' && key !== 'dest') throw refused(`"${key}" is not known; use type and dest`);
    if (fields.has(key)) throw refused(`"${key}" is given twice`);
    fields.set(key, field.slice(equals + 1));
  }
  const format = formats[fields.get('type') ?? ''];
  if (format === undefined) {
    throw refused(`type must be one of ${Object.keys(formats).join(', ')}`);
  }
  const dest = fields.get('dest') ?? '';
  if (dest === '' || dest === '-') throw refused('dest must name a file or folder');
  return { format, dest: path.resolve(cwd, dest) };
}

/** RFC 4180: a field in double quotes may have commas, and a doubled quote stands for one. */
function csvFields(text: string): readonly string[] {
  const field = /(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/y;
  const fields: string[] = [];
  while (field.lastIndex < text.length || fields.length === 0) {
    const match = field.exec(text);
    if (match === null) throw refused('the quotes do not match');
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
  }
  return fields;
}

function refused(problem: string): AppError {
  return new AppError({ code: 'bad-request', field: '--output', problem });
}
