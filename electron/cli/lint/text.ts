import type { Finding } from '../../../shared/dockerfile/finding.ts';
import type { WindowsRule } from '../../../shared/dockerfile/windows-rules/rule.ts';
import { sourceExcerpt } from '../source-excerpt.ts';
import { counted } from '../text/units.ts';
import type { LintedFile } from './linted-file.ts';

/** Findings as `file:line:column: severity: message [rule]`, which editors and CI find their way by. */
export function findingLines({ name, text, findings }: LintedFile): string[] {
  return findings.flatMap(({ range, severity, message, rule }) => {
    const place = `${name}:${range.start.line + 1}:${range.start.character + 1}`;
    return [`${place}: ${severity}: ${message} [${rule}]`, ...sourceExcerpt(text, range), ''];
  });
}

/** How much was found. */
export function summaryLine(files: readonly LintedFile[]): string {
  const all = files.flatMap(({ findings }) => findings);
  const count = (severity: Finding['severity']) =>
    all.filter(finding => finding.severity === severity).length;
  return `${counted(files.length, 'file')}: ${counted(count('error'), 'error')}, ${counted(count('warning'), 'warning')}, ${counted(count('info'), 'hint')}`;
}

/** All about one rule. */
export function explanationLines(rule: WindowsRule): string[] {
  const indented = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map(line => `    ${line}`);
  return [
    `${rule.name} (${rule.severity})`,
    '',
    rule.what,
    rule.why,
    rule.fix,
    rule.link,
    '',
    'Bad:',
    ...indented(rule.bad),
    '',
    'Good:',
    ...indented(rule.good),
  ];
}
