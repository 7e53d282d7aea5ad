import type { Command } from 'commander';
import type { IndexFlags } from '../commands/index-create.ts';
import type { PushFlags } from '../commands/push.ts';
import type { Ask } from '../program.ts';
import { choice, repeatable } from './collect.ts';
import { connectionOptions, progressOptions } from './connection.ts';

/** Defines `layerwright push` and `layerwright index create`. */
export function definePush(program: Command, ask: Ask): void {
  const command = program
    .command('push')
    .summary('send an image to a registry')
    .description(
      'Sends an image or an index of the store to a registry. What is there already is not sent again; layers of other ' +
        'repositories of the same registry are mounted.',
    )
    .argument('<image>', 'name or digest in the store')
    .argument('[target]', 'the name in the registry (default: the name of the image)')
    .option('--platform <platform>', 'of an index only this image')
    .addOption(
      choice(
        '--foreign <policy>',
        'foreign layers: leave them to their urls, or send them as ordinary layers',
        ['skip', 'push'],
      ),
    )
    .option('--dry-run', 'only tell what would be sent')
    .option('--json', 'the dry run as JSON, sizes in bytes')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright push --dry-run acme/shop:1 registry.example.com/shop:1\n  layerwright push registry.example.com/shop:1',
    )
    .action((image: string, target: string | undefined, flags: PushFlags) =>
      ask(async context => {
        const { push } = await import('../commands/push.ts');
        return await push(context, image, target, flags);
      }),
    );
  progressOptions(connectionOptions(command));
  defineIndex(program, ask);
}

function defineIndex(program: Command, ask: Ask): void {
  const command = program
    .command('index')
    .summary('put images for several Windows versions under one name')
    .description('Works with indexes: one name for images of several Windows versions.')
    .command('create')
    .summary('make an index of images')
    .description(
      'Makes one index of several Windows images, so that one name runs on every host. os.version and os.features come ' +
        'from the images. What the store lacks is pulled.',
    )
    .argument('<name>', 'name of the index')
    .argument('<images...>', 'names or digests')
    .addOption(repeatable('--annotation <name=value>', 'annotation of the index'))
    .option('--push', 'send it to the registry of its name as well')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright index create --push registry.example.com/shop:1 shop:1-ltsc2022 shop:1-ltsc2025',
    )
    .action((name: string, images: readonly string[], flags: IndexFlags) =>
      ask(async context => {
        const { createIndex } = await import('../commands/index-create.ts');
        return await createIndex(context, name, images, flags);
      }),
    );
  progressOptions(connectionOptions(command));
}
