import type { Finding, Fix } from '../../../../shared/dockerfile/finding.ts';
import type { SourceRange } from '../../../../shared/source-range.ts';
import type { Analysis } from './analysis.ts';
import { fixesFor } from './fixes.ts';

/** Something to show at a place in the text. */
export interface Problem {
  readonly severity: Finding['severity'];
  readonly range: SourceRange;
  readonly rule: string;
  readonly message: string;
  readonly fixes: readonly Fix[];
}

/** What the language service says (LSP's Diagnostic, as far as it is used; severity 1 is an error). */
export interface ServiceDiagnostic {
  readonly range: SourceRange;
  readonly severity?: number | undefined;
  readonly code?: number | string | undefined;
  readonly message: string;
}

/**
 * Codes (dockerfile-utils, ValidationCode) of what our parser does not look for: a flag's least value, a flag given
 * twice, a destination for several sources that is no folder. Of everything else our parser is the authority: it is what builds, and the service takes Windows paths such as `C:\dir\` for mistakes.
 */
const addsSomething: ReadonlySet<number> = new Set([13, 14, 23]);

/** The parser's findings, and what the language service adds to them. */
export function problemsOf(
  analysis: Analysis,
  service: readonly ServiceDiagnostic[] = [],
): readonly Problem[] {
  const own = analysis.findings.map(finding => toProblem(analysis, finding));
  const noted = own.filter(({ severity }) => severity !== 'info');
  const taken = new Set(noted.map(({ range }) => range.start.line));
  const added = service.filter(
    ({ code, range }) => addsSomething.has(Number(code)) && !taken.has(range.start.line),
  );
  return [...own, ...added.map(fromService)].toSorted(
    (a, b) =>
      a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}

function toProblem(analysis: Analysis, finding: Finding): Problem {
  const { severity, range, rule, message } = finding;
  return { severity, range, rule, message, fixes: fixesFor(analysis, finding) };
}

/** What our parser accepts does build, so it is at most a warning. */
function fromService({ range, message }: ServiceDiagnostic): Problem {
  return { severity: 'warning', range, rule: 'dockerfile-utils', message, fixes: [] };
}

/** How many there are of each kind that counts. */
export function countProblems(problems: readonly Problem[]): { errors: number; warnings: number } {
  return {
    errors: problems.filter(({ severity }) => severity === 'error').length,
    warnings: problems.filter(({ severity }) => severity === 'warning').length,
  };
}
