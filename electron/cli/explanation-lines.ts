import type { ErrorExplanation } from '../../shared/windows/error-help/explain-error.ts';

/** Tells what is known about an error, where it was seen, and what to do. */
export function explanationLines({ entry, evidence }: ErrorExplanation): string[] {
  const { title, causes, remedies, source } = entry;
  return [
    title,
    `  seen in: ${evidence}`,
    ...causes.map(cause => `  why:     ${cause}`),
    ...remedies.map(remedy => `  do:      ${remedy}`),
    `  source:  ${source}`,
    '',
  ];
}
