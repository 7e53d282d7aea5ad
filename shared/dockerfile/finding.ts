import type { SourceRange } from '../source-range.ts';

type Severity = 'error' | 'warning' | 'info';

/** Replaces the text in `range`; ranges of one fix do not overlap. */
interface TextEdit {
  readonly range: SourceRange;
  readonly newText: string;
}

/** A change that removes the finding, ready to be offered by an editor. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** Something to say about a place in a Dockerfile. An `error` stops the build. */
export interface Finding {
  readonly severity: Severity;
  readonly range: SourceRange;
  /** Stable name in kebab case; rules that Docker's build checks know carry Docker's name. */
  readonly rule: string;
  readonly message: string;
  readonly fix?: Fix;
}

/** Where findings go while something is read; the reader decides nothing about them. */
export type Report = (finding: Finding) => void;

export function error(rule: string, range: SourceRange, message: string, fix?: Fix): Finding {
  return { severity: 'error', range, rule, message, ...(fix && { fix }) };
}

export function warning(rule: string, range: SourceRange, message: string, fix?: Fix): Finding {
  return { severity: 'warning', range, rule, message, ...(fix && { fix }) };
}

export function info(rule: string, range: SourceRange, message: string, fix?: Fix): Finding {
  return { severity: 'info', range, rule, message, ...(fix && { fix }) };
}

/** A fix of one edit. */
export function replaceWith(title: string, range: SourceRange, newText: string): Fix {
  return { title, edits: [{ range, newText }] };
}

/** More findings of one severity than this help nobody. */
const mostFindings = 1000;

export interface Collector {
  readonly findings: readonly Finding[];
  readonly report: Report;
  /** True when further errors would be dropped: no use in reading on. */
  readonly isFull: () => boolean;
}

/** Collects findings, of each severity the first thousand: a hostile file could have millions. */
export function collector(): Collector {
  const findings: Finding[] = [];
  const counts = { error: 0, warning: 0, info: 0 };
  const report = (finding: Finding): void => {
    if (counts[finding.severity]++ < mostFindings) findings.push(finding);
  };
  return { findings, report, isFull: () => counts.error >= mostFindings };
}

/** By place in the text; findings of one place stay as they came. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character,
  );
}

/** Drops findings that say the same at the same place. */
export function distinct(findings: readonly Finding[]): Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ rule, message, range }) => {
    const key = `${rule} ${range.start.line}:${range.start.character} ${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
