import type { z } from 'zod';

/** What became of a text that should be JSON of a certain shape; `field` is a path such as `layers[2].size`. */
export type Reading<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'wrong'; readonly field: string; readonly problem: string };

/** Reads JSON from outside. Never throws. */
export function readJson<T>(schema: z.ZodType<T>, text: string): Reading<T> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { kind: 'wrong', field: 'document', problem: 'is not JSON' };
  }
  const result = schema.safeParse(value);
  if (result.success) return { kind: 'value', value: result.data };
  const [issue] = result.error.issues;
  const problem = issue?.message ?? 'is malformed';
  return { kind: 'wrong', field: fieldPath(issue?.path ?? []), problem };
}

/** Reads JSON from outside, or throws what `wrong` makes of the field and its problem. */
export function readJsonOr<T>(
  schema: z.ZodType<T>,
  text: string,
  wrong: (problem: string) => Error,
): T {
  const reading = readJson(schema, text);
  if (reading.kind === 'value') return reading.value;
  throw wrong(`${reading.field}: ${reading.problem}`);
}

/** Words a path as people write it: `layers[2].annotations.title`. */
function fieldPath(path: readonly PropertyKey[]): string {
  const words = path.map(key => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  return words.length === 0 ? 'document' : words.join('').replace(/^\./, '');
}
