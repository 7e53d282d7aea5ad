import { errorEntries } from './entries.ts';
import type { ErrorEntry } from './entry.ts';

/** An error that was found in a text. */
export interface ErrorExplanation {
  readonly entry: ErrorEntry;
  /** The line that says so, at most 300 UTF-16 units of it. */
  readonly evidence: string;
}

/** Texts are read from their end: what failed last is what failed. */
const mostText = 256 * 1024;
const mostExplanations = 5;
const mostEvidence = 300;

/**
 * Finds known errors in a message or in the end of a log: HRESULTs and NTSTATUS codes in hex or decimal, exit codes,
 * and the words of the programs. Those of later lines come first; each is told once.
 */
export function explainError(text: string): ErrorExplanation[] {
  const found = new Map<ErrorEntry, ErrorExplanation>();
  const lines = text.slice(-mostText).split(/\r?\n/).toReversed();
  for (const line of lines) {
    for (const entry of entriesOf(line)) {
      if (!found.has(entry))
        found.set(entry, { entry, evidence: line.trim().slice(0, mostEvidence) });
    }
    if (found.size >= mostExplanations) break;
  }
  return [...found.values()].slice(0, mostExplanations);
}

function entriesOf(line: string): ErrorEntry[] {
  const text = line.slice(0, 4096);
  const codes = new Set(codesIn(text));
  const exitCodes = new Set(exitCodesIn(text));
  return errorEntries.filter(
    entry =>
      (entry.codes ?? []).some(code => codes.has(code)) ||
      (entry.exitCodes ?? []).some(code => exitCodes.has(code)) ||
      (entry.texts ?? []).some(pattern => pattern.test(text)),
  );
}

/** `0xC0000135`, `-1073741515` and `3221225781` are the same number. */
function codesIn(text: string): number[] {
  const hex = [...text.matchAll(/\b0x([0-9a-f]{8})\b/gi)].map(([, digits = '']) =>
    Number.parseInt(digits, 16),
  );
  const decimal = [...text.matchAll(/(?<![\w.])-?\d{9,10}\b/g)].map(([digits]) => Number(digits));
  return [...hex, ...decimal.filter(isStatus).map(code => code >>> 0)];
}

/** HRESULTs and NTSTATUS codes of failures have their highest bit set; other long numbers are sizes and times. */
function isStatus(code: number): boolean {
  return code < 0 || (code >= 0x8000_0000 && code <= 0xffff_ffff);
}

/** Small numbers are codes only where the text says so. */
function exitCodesIn(text: string): number[] {
  const pattern =
    /(?:exit(?:ed)?(?: with)?(?: \w+)? ?(?:code|status)?|return(?:ed)?(?: code| value)?|error(?: code| level)?|errorlevel|ExitCode|LASTEXITCODE)\W{1,4}(\d{1,5})\b/gi;
  return [...text.matchAll(pattern)].map(([, digits]) => Number(digits));
}
