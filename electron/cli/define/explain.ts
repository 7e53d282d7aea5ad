import type { Command } from 'commander';
import type { ExplainFlags } from '../commands/explain.ts';
import type { Ask } from '../program.ts';

/** Defines `layerwright explain`. */
export function defineExplain(program: Command, ask: Ask): void {
  program
    .command('explain')
    .summary('tell what an error of Windows containers means')
    .description(
      'Tells what an HRESULT, an exit code or an error message of Windows, its containers or its installers means, and ' +
        'what to do about it. Works offline. Without an argument, or with -, it reads a log from standard input.',
    )
    .argument('[error...]', 'a code or a message; a code with a minus stands behind --')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright explain 0xc0370101\n  layerwright explain 3010\n  layerwright explain < build.log',
    )
    .action((words: readonly string[], flags: ExplainFlags) =>
      ask(async context => {
        const { explain } = await import('../commands/explain.ts');
        return await explain(context, words, flags);
      }),
    );
}
