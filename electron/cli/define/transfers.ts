import type { Command } from 'commander';
import type { LoadFlags } from '../commands/load.ts';
import type { SaveFlags } from '../commands/save.ts';
import type { Ask } from '../program.ts';
import { choice } from './collect.ts';

/** Defines `layerwright save` and `layerwright load`. */
export function defineTransfers(program: Command, ask: Ask): void {
  program
    .command('save')
    .summary('write images to an archive')
    .description('Writes images to one archive or image layout that other tools can read.')
    .argument('<references...>', 'names or manifest digests')
    .requiredOption('-o, --output <path>', 'file, or folder for oci-layout')
    .addOption(
      choice('--format <format>', 'of what is written', [
        'oci-archive',
        'docker-archive',
        'oci-layout',
      ]),
    )
    .option('--json', 'tell where and what as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright save -o shop.tar acme/shop:1\n  skopeo inspect --override-os windows oci-archive:shop.tar',
    )
    .action((references: readonly string[], flags: SaveFlags) =>
      ask(async context => {
        const { save } = await import('../commands/save.ts');
        return await save(context, references, flags);
      }),
    );
  program
    .command('load')
    .summary('bring images in from an archive')
    .description(
      'Brings images in from an OCI archive, a docker-archive or an image layout folder. Everything is verified.',
    )
    .requiredOption('-i, --input <path>', 'file or folder')
    .option('--json', 'tell the images as JSON')
    .addHelpText('after', '\nExamples:\n  layerwright load -i shop.tar')
    .action((flags: LoadFlags) =>
      ask(async context => {
        const { load } = await import('../commands/load.ts');
        return await load(context, flags);
      }),
    );
}
