import type { Command } from 'commander';
import type { BundleCreateFlags } from '../commands/bundle.ts';
import type { TransferFlags } from '../commands/pull.ts';
import type { Ask } from '../program.ts';
import { choice } from './collect.ts';
import { connectionOptions, progressOptions } from './connection.ts';

/** Defines `layerwright bundle create` and `layerwright bundle import`. */
export function defineBundle(program: Command, ask: Ask): void {
  const bundle = program
    .command('bundle')
    .summary('carry images to networks without a registry')
    .description('Carries images with all that belongs to them, in one OCI archive.');
  const create = bundle
    .command('create')
    .summary('write images to a bundle')
    .description(
      'Writes images of the store to one OCI archive, each blob once, and hashes all of it on the way.',
    )
    .argument('<images...>', 'names or digests in the store')
    .requiredOption('-o, --output <file>', 'the archive')
    .addOption(
      choice('--foreign <policy>', 'foreign layers: take them along, or leave them to their urls', [
        'fetch',
        'skip',
      ]),
    )
    .option('--json', 'the report as JSON')
    .addHelpText('after', '\nExamples:\n  layerwright bundle create -o bases.tar base:1 shop:1')
    .action((images: readonly string[], flags: BundleCreateFlags) =>
      ask(async context => {
        const { createBundle } = await import('../commands/bundle.ts');
        return await createBundle(context, images, flags);
      }),
    );
  progressOptions(connectionOptions(create));
  const bringIn = bundle
    .command('import')
    .summary('check a bundle and bring it in')
    .description(
      'Hashes every blob of a bundle, tells what is missing or damaged, and names in the store what is whole. ' +
        'The exit code is 1 where something is not.',
    )
    .argument('<file>', 'the archive')
    .option('--json', 'the report as JSON')
    .action((file: string, flags: TransferFlags) =>
      ask(async context => {
        const { importBundle } = await import('../commands/bundle.ts');
        return await importBundle(context, file, flags);
      }),
    );
  progressOptions(bringIn);
}
