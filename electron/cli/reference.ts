import type { Command } from 'commander';
import { exitCodeMeanings } from './exit-codes.ts';
import { allCommands } from './program.ts';

const width = 100;

/** The text of docs/cli.md: what `--help` says of every command, in one page. */
export function commandReference(program: Command): string {
  const commands = allCommands(program).filter(command => command.name() !== 'help');
  return `# layerwright on the command line

<!-- Made from the definitions in electron/cli/define by tests/electron/cli/reference.test.ts:
     after a change, run \`npx vitest run tests/electron/cli/reference.test.ts -u\`. -->

In a clone, run it as \`npm run layerwright -- <command>\`.
Results go to standard output, everything else to standard error.

${help(program)}
## Exit codes

| Code | Meaning |
| ---: | --- |
${exitCodeMeanings.map(([code, meaning]) => `| ${code} | ${meaning} |`).join('\n')}

## Progress

\`--progress auto\` redraws the list of steps in place in a terminal. Without one, and where NO_COLOR or CI is set or
TERM is \`dumb\`, it is \`plain\`: every line begins with the number of its step.
\`--progress json\` writes one event a line to standard output (\`shared/ipc/build-events.ts\` has their types), and
nothing else there; \`seq\` counts from 0 without a gap.

The first Ctrl+C cancels and tidies up. A second one ends the process at once; what it left is tidied up by the next
command on the same store.

${commands.map(command => `## ${fullName(command)}\n\n${help(command)}`).join('\n')}`;
}

/** `layerwright index create`. */
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function help(command: Command): string {
  let text = '';
  command
    .configureHelp({ helpWidth: width, showGlobalOptions: false })
    .configureOutput({ writeOut: part => (text += part) })
    .outputHelp();
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`;
}
