import { Option, type Command } from 'commander';
import type { LintFlags } from '../commands/lint.ts';
import type { Ask } from '../program.ts';

/** Defines `layerwright lint`. */
export function defineLint(program: Command, ask: Ask): void {
  program
    .command('lint')
    .summary('look over Dockerfiles, with an eye for Windows')
    .description(
      'Looks over Dockerfiles without building them: mistakes, what Docker’s build checks know, and what goes wrong on ' +
        'Windows. A comment takes a rule back: "# layerwright ignore=<rule>" above an instruction, ' +
        '"# layerwright ignore-file=<rule>" for the whole file. docs/lint.md has every rule.',
    )
    .argument('[paths...]', 'Dockerfiles, folders that hold some, or - for standard input', ['.'])
    .addOption(
      new Option('--format <format>', 'how findings are written')
        .choices(['text', 'json', 'sarif'])
        .default('text'),
    )
    .addOption(
      new Option('--fail-on <severity>', 'the least severity that makes the command fail')
        .choices(['error', 'warning', 'info', 'never'])
        .default('error'),
    )
    .option('--explain <rule>', 'tell all about one rule instead')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright lint\n  layerwright lint --fail-on warning --format sarif . > lint.sarif\n  layerwright lint --explain setx-path',
    )
    .action((paths: readonly string[], flags: LintFlags) =>
      ask(async context => {
        const { lint } = await import('../commands/lint.ts');
        return await lint(context, paths, flags);
      }),
    );
}
