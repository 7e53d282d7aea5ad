import type { Failure } from '../../../../../shared/failure.ts';
import {
  explainError,
  type ErrorExplanation,
} from '../../../../../shared/windows/error-help/explain-error.ts';

/** How a program ended. */
export type Ending =
  | { readonly kind: 'success'; readonly note?: string }
  | { readonly kind: 'failure'; readonly failure: Extract<Failure, { code: 'run-failed' }> };

/** Windows Installer's ERROR_SUCCESS_REBOOT_REQUIRED and ERROR_SUCCESS_REBOOT_INITIATED. */
const restartCodes: Readonly<Record<number, string>> = {
  3010: 'Windows wants to restart to finish. An image starts anew anyway, so this counts as success.',
  1641: 'the installer has asked for a restart. An image starts anew anyway, so this counts as success.',
};

/**
 * What an exit code (unsigned, 32 bits) means. The last lines that the program wrote help to explain a failure.
 */
export function endingOf(exitCode: number, lastLines: readonly string[]): Ending {
  if (exitCode === 0) return { kind: 'success' };
  const restart = restartCodes[exitCode];
  if (restart !== undefined) return { kind: 'success', note: `Exit code ${exitCode}: ${restart}` };
  const [byCode] = explainError(codeText(exitCode));
  const [byOutput] = byCode ? [] : explainError(lastLines.join('\n'));
  const advice = byCode
    ? adviceOf(byCode)
    : byOutput && `${byOutput.entry.title}. ${adviceOf(byOutput)}`;
  return {
    kind: 'failure',
    failure: {
      code: 'run-failed',
      exitCode,
      lastLines,
      ...(byCode ? { meaning: byCode.entry.title } : {}),
      ...(advice === undefined ? {} : { advice }),
    },
  };
}

function adviceOf({ entry: { causes, remedies } }: ErrorExplanation): string {
  return [...causes, ...remedies].join(' ');
}

/** As `explainError` reads it. */
function codeText(exitCode: number): string {
  return exitCode < 0x1_0000
    ? `exit code ${exitCode}`
    : `0x${exitCode.toString(16).padStart(8, '0')}`;
}
