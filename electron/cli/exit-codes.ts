import type { Failure } from '../../shared/failure.ts';

/** What the exit code of `layerwright` says. Part of its contract: docs/cli.md lists them. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  invalidInput: 3,
  cancelled: 130,
} as const;

/** What each exit code means, for the documentation. */
export const exitCodeMeanings: readonly (readonly [number, string])[] = [
  [exitCodes.ok, 'Done.'],
  [exitCodes.failed, 'The action failed: a step of the build, the disk, the store, an image.'],
  [exitCodes.usage, 'The command line was not understood; nothing was done.'],
  [exitCodes.invalidInput, 'The Dockerfile, a reference or a file that was named is not valid.'],
  [exitCodes.cancelled, 'Cancelled, with Ctrl+C or by a signal.'],
];

const inputFailures: ReadonlySet<Failure['code']> = new Set([
  'dockerfile-invalid',
  'reference-invalid',
  'platform-invalid',
  'archive-invalid',
  'gate-invalid',
]);

/** The exit code that a failure leads to. */
export function exitCodeOf(failure: Failure): number {
  if (failure.code === 'cancelled') return exitCodes.cancelled;
  if (failure.code === 'bad-request') return exitCodes.usage;
  return inputFailures.has(failure.code) ? exitCodes.invalidInput : exitCodes.failed;
}
