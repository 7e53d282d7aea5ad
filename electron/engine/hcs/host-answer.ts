import type { z } from 'zod';
import { AppError } from '../../../shared/failure.ts';

/** A JSON document that `api` answered, as `schema` has it. Fails with `host-answer-invalid`. */
export function readAnswer<T>(api: string, schema: z.ZodType<T>, document: string): T {
  const checked = schema.safeParse(parse(api, document));
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw answerInvalid(api, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}`);
}

export function answerInvalid(api: string, problem: string): AppError {
  return new AppError({ code: 'host-answer-invalid', api, problem });
}

function parse(api: string, document: string): unknown {
  try {
    return JSON.parse(document) as unknown;
  } catch {
    throw answerInvalid(api, document === '' ? 'nothing' : 'text that is not JSON');
  }
}
