import type { Finding } from '../../../shared/dockerfile/finding.ts';
import { windowsRules } from '../../../shared/dockerfile/windows-lint.ts';
import type { LintedFile } from './linted-file.ts';

const levels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** The findings as a SARIF 2.1.0 log (OASIS), the form that code scanning services read. */
export function sarifOf(files: readonly LintedFile[]): unknown {
  const rules = ruleNames(files);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'layerwright', rules: rules.map(ruleOf) } },
        // Columns count in UTF-16 units, as they do here.
        columnKind: 'utf16CodeUnits',
        results: files.flatMap(({ name, findings }) =>
          findings.map(finding => resultOf(name, finding, rules.indexOf(finding.rule))),
        ),
      },
    ],
  };
}

function ruleNames(files: readonly LintedFile[]): string[] {
  return [...new Set(files.flatMap(({ findings }) => findings.map(({ rule }) => rule)))].toSorted();
}

function ruleOf(name: string): unknown {
  const rule = windowsRules.find(one => one.name === name);
  if (rule === undefined) return { id: name };
  return {
    id: name,
    shortDescription: { text: rule.what },
    fullDescription: { text: `${rule.why} ${rule.fix}` },
    helpUri: rule.link,
    defaultConfiguration: { level: levels[rule.severity] },
  };
}

function resultOf(file: string, { rule, severity, message, range }: Finding, ruleIndex: number) {
  const { start, end } = range;
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[severity],
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file === '-' ? 'Dockerfile' : encodeURI(file) },
          region: {
            startLine: start.line + 1,
            startColumn: start.character + 1,
            endLine: end.line + 1,
            endColumn: end.character + 1,
          },
        },
      },
    ],
  };
}
