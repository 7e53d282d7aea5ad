import type { Dockerfile } from './ast.ts';
import { distinct, inOrder, type Finding } from './finding.ts';
import { parseDockerfile } from './parse.ts';
import { basesIn, planEveryStage } from './plan-every-stage.ts';
import { baseRules } from './windows-rules/bases.ts';
import { installerRules } from './windows-rules/installers.ts';
import { layerRules } from './windows-rules/layers.ts';
import { lintFileOf, type LintFile, type LintInput } from './windows-rules/lint-file.ts';
import { nanoserverRules } from './windows-rules/nanoserver.ts';
import { packageRules } from './windows-rules/packages.ts';
import { pathRules } from './windows-rules/paths.ts';
import { powershellRules } from './windows-rules/powershell.ts';
import type { WindowsRule } from './windows-rules/rule.ts';
import { withoutSuppressed } from './windows-rules/suppress.ts';
import { userRules } from './windows-rules/users.ts';

/** Every rule about Windows, as data: `layerwright lint` explains them, docs list them. */
export const windowsRules: readonly WindowsRule[] = [
  ...baseRules,
  ...nanoserverRules,
  ...packageRules,
  ...powershellRules,
  ...installerRules,
  ...pathRules,
  ...userRules,
  ...layerRules,
];

/** Of one rule, this many findings say enough. */
const mostPerRule = 100;

/** All there is to say about a Dockerfile without building it: reading it, planning it, and the rules about Windows. */
export function lintDockerfile(text: string, today: string): Finding[] {
  const dockerfile = parseDockerfile(text);
  const plans = planEveryStage(dockerfile);
  const bases = basesIn(plans);
  return inOrder(
    distinct([
      ...dockerfile.findings,
      ...plans.flatMap(plan => plan.findings),
      ...windowsFindings({ text, dockerfile, bases, today }),
    ]),
  );
}

/**
 * What is wrong with a Dockerfile on Windows, in the order of the text. Comments take findings back:
 * `# layerwright ignore=<rule>` above an instruction, `# layerwright ignore-file=<rule>` for the whole file. Never throws.
 */
export function windowsFindings(input: LintInput): Finding[] {
  const file = lintFileOf(input);
  const findings = windowsRules.flatMap(rule => findingsOf(rule, file));
  return inOrder(withoutSuppressed(findings, file.source, linesOf(input.dockerfile)));
}

function linesOf({ instructions }: Dockerfile): number[] {
  return instructions.map(({ range }) => range.start.line);
}

function findingsOf(rule: WindowsRule, file: LintFile): Finding[] {
  const findings: Finding[] = [];
  for (const { range, message = rule.what, fix } of rule.check(file)) {
    findings.push({
      severity: rule.severity,
      range,
      rule: rule.name,
      message: `${message} ${rule.why} ${rule.fix}`,
      ...(fix && { fix }),
    });
    if (findings.length >= mostPerRule) break;
  }
  return findings;
}
