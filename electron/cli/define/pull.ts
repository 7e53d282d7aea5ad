import type { Command } from 'commander';
import type { PullFlags } from '../commands/pull.ts';
import type { Ask } from '../program.ts';
import { choice } from './collect.ts';
import { connectionOptions, progressOptions } from './connection.ts';

/** Defines `layerwright pull`. */
export function definePull(program: Command, ask: Ask): void {
  const command = program
    .command('pull')
    .summary('bring images from registries')
    .description(
      'Brings images from registries into the store. Of an index it takes what runs best on this host, and says why. ' +
        'Layers are fetched side by side and verified; a pull that was cut off goes on where it stopped.',
    )
    .argument('<references...>', 'such as mcr.microsoft.com/windows/nanoserver:ltsc2022')
    .option('--platform <platform>', 'such as windows(10.0.20348)/amd64')
    .option('--all-platforms', 'every image of an index')
    .addOption(
      choice(
        '--foreign <policy>',
        'foreign layers: from their urls too, from the registry only, or not',
        ['urls', 'registry', 'skip'],
      ),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright pull mcr.microsoft.com/windows/nanoserver:ltsc2022\n  layerwright pull --platform "windows(10.0.17763)/amd64" registry.example.com/shop:1',
    )
    .action((references: readonly string[], flags: PullFlags) =>
      ask(async context => {
        const { pull } = await import('../commands/pull.ts');
        return await pull(context, references, flags);
      }),
    );
  progressOptions(connectionOptions(command));
}
