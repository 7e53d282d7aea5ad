import { AppError } from '../../shared/failure.ts';

/**
 * Reads `type=oci,dest=image.tar` as Docker does: fields in CSV, so `"dest=a,b.tar"` has a comma. Only `known` fields
 * may be there, each once. Throws AppError `bad-request` that names `flag`.
 */
export function optionFields(
  flag: string,
  text: string,
  known: readonly string[],
): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const field of csvFields(flag, text)) {
    const equals = field.indexOf('=');
    if (equals < 1) throw refusedOption(flag, `"${field}" is not of the form key=value`);
    const key = field.slice(0, equals);
    if (!known.includes(key)) {
      const [last, ...others] = known.toReversed();
      const names = `${others.toReversed().join(', ')} and ${last}`;
      throw refusedOption(flag, `"${key}" is not known; use ${names}`);
    }
    if (fields.has(key)) throw refusedOption(flag, `"${key}" is given twice`);
    fields.set(key, field.slice(equals + 1));
  }
  return fields;
}

/** RFC 4180: a field in double quotes may have commas, and a doubled quote stands for one. */
function csvFields(flag: string, text: string): readonly string[] {
  const field = /(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/y;
  const fields: string[] = [];
  while (field.lastIndex < text.length || fields.length === 0) {
    const match = field.exec(text);
    if (match === null) throw refusedOption(flag, 'the quotes do not match');
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
  }
  return fields;
}

/** The failure of an option that makes no sense. */
export function refusedOption(field: string, problem: string): AppError {
  return new AppError({ code: 'bad-request', field, problem });
}
