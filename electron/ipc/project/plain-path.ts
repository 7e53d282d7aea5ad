import { AppError } from '../../../shared/failure.ts';

/** The parts of a relative path with `/`. Throws `bad-request` for what is none: `..`, drives, backslashes, NUL. */
export function plainSegments(field: string, text: string): readonly string[] {
  const segments = text === '' ? [] : text.split('/');
  const odd = segments.some(part => ['', '.', '..'].includes(part) || /[\\:\0]/.test(part));
  if (!odd) return segments;
  throw new AppError({ code: 'bad-request', field, problem: 'is not a plain relative path' });
}
