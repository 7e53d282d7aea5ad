import { windowsRules } from '../../../shared/dockerfile/windows-lint.ts';

/** The text of docs/lint.md: every rule about Windows, with its examples. */
export function ruleReference(): string {
  const rules = windowsRules.toSorted((a, b) => a.name.localeCompare(b.name, 'en'));
  return `# Rules about Windows

<!-- Made from shared/dockerfile/windows-rules by tests/electron/cli/lint.test.ts:
     after a change, run \`npx vitest run tests/electron/cli/lint.test.ts -u\`. -->

The editor shows these rules as you type, and \`layerwright lint\` on the command line.
A comment takes one back: \`# layerwright ignore=<rule>\` above an instruction, for that instruction, and
\`# layerwright ignore-file=<rule>\` anywhere, for the whole file. Several rules are separated by commas; \`all\` stands
for every one.

${rules
  .map(
    ({ name, severity, what, why, fix, link, bad, good }) =>
      `## ${name}

*${severity}.* ${what} ${why} ${fix} ([source](${link}))

${example(bad)}

${example(good)}
`,
  )
  .join('\n')}`;
}

/** Long examples are cut: their point is seen in the first lines. */
function example(text: string): string {
  const lines = text.trimEnd().split('\n');
  const shown = lines.length > 8 ? [...lines.slice(0, 4), '# and so on'] : lines;
  return `\`\`\`dockerfile\n${shown.join('\n')}\n\`\`\``;
}
