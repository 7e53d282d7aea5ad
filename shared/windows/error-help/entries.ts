import { containerErrors } from './container-errors.ts';
import type { ErrorEntry } from './entry.ts';
import { networkErrors } from './network-errors.ts';
import { programErrors } from './program-errors.ts';
import { setupErrors } from './setup-errors.ts';

/** Every error that is known, the most specific first. */
export const errorEntries: readonly ErrorEntry[] = [
  ...containerErrors,
  ...networkErrors,
  ...setupErrors,
  ...programErrors,
];
