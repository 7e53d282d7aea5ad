import type { Directive } from './ast.ts';
import type { Finding } from './finding.ts';

/** Rules that Docker's build checks know by the same name in PascalCase; only they obey `# check=`. */
const dockerRules: ReadonlySet<string> = new Set(
  [
    'consistent-instruction-casing',
    'duplicate-stage-name',
    'expose-invalid-format',
    'expose-proto-casing',
    'from-as-casing',
    'from-platform-flag-const-disallowed',
    'invalid-default-arg-in-from',
    'json-args-recommended',
    'legacy-key-value-format',
    'maintainer-deprecated',
    'multiple-instructions-disallowed',
    'no-empty-continuation',
    'redundant-target-platform',
    'reserved-stage-name',
    'secrets-used-in-arg-or-env',
    'stage-name-casing',
    'undefined-arg-in-from',
    'undefined-var',
    'workdir-relative-path',
  ].map(plain),
);

function plain(rule: string): string {
  return rule.replaceAll('-', '').toLowerCase();
}

/**
 * Obeys `# check=skip=Rule,Rule;error=true`: skipped rules vanish, and with `error=true` the remaining ones stop
 * the build (Dockerfile reference, "check").
 */
export function applyChecks(
  findings: readonly Finding[],
  directives: readonly Directive[],
): readonly Finding[] {
  const check = directives.find(directive => directive.name === 'check');
  if (check === undefined) return findings;
  const { skipped, isError } = checkOptions(check.value.text);
  return findings.flatMap(finding => {
    if (finding.severity === 'error' || !dockerRules.has(plain(finding.rule))) return finding;
    if (skipped.has('all') || skipped.has(plain(finding.rule))) return [];
    return isError ? { ...finding, severity: 'error' } : finding;
  });
}

function checkOptions(text: string): { skipped: ReadonlySet<string>; isError: boolean } {
  const skipped = new Set<string>();
  let isError = false;
  for (const option of text.split(';')) {
    const [name = '', value = ''] = option.split('=').map(part => part.trim());
    if (name === 'skip') value.split(',').forEach(rule => skipped.add(plain(rule.trim())));
    if (name === 'error') isError = value.toLowerCase() === 'true';
  }
  return { skipped, isError };
}
