import type { Command } from 'commander';
import type { ImagesFlags } from '../commands/images.ts';
import type { RemoveFlags } from '../commands/remove.ts';
import type { TagFlags } from '../commands/tag.ts';
import type { Ask } from '../program.ts';

/** Defines the commands that look at the store and tidy it. */
export function defineImages(program: Command, ask: Ask): void {
  defineList(program, ask);
  defineSamples(program, ask);
  defineRemove(program, ask);
  program
    .command('tag')
    .summary('give an image a further name')
    .description('Gives an image of the store a further name. The other names stay.')
    .argument('<source>', 'name or manifest digest')
    .argument('<target>', 'the new name')
    .option('--json', 'tell the name and what it is of as JSON')
    .action((source: string, target: string, flags: TagFlags) =>
      ask(async context => {
        const { tag } = await import('../commands/tag.ts');
        return await tag(context, [source, target], flags);
      }),
    );
}

function defineList(program: Command, ask: Ask): void {
  program
    .command('images')
    .summary('list the images of the store')
    .description(
      'Lists the images of the store. SIZE is what an image takes on disk, UNIQUE what no other image needs too.',
    )
    .argument('[pattern]', 'only references like this; * stands for anything')
    .option('--os-version <version>', 'only this os.version, such as 10.0.20348')
    .option('-q, --quiet', 'digests only')
    .option('--json', 'as JSON, sizes in bytes')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright images "acme/*"\n  layerwright images --os-version 10.0.20348 --json',
    )
    .action((pattern: string | undefined, flags: ImagesFlags) =>
      ask(async context => {
        const { images } = await import('../commands/images.ts');
        return await images(context, pattern, flags);
      }),
    );
}

function defineSamples(program: Command, ask: Ask): void {
  program
    .command('samples')
    .summary('make the sample base images')
    .description(
      'Makes the sample base images (layerwright.local/...) in the store: small, and in the form of the real ones. ' +
        'Those that are there already stay as they are.',
    )
    .action(() =>
      ask(async context => {
        const { samples } = await import('../commands/samples.ts');
        return await samples(context);
      }),
    );
}

function defineRemove(program: Command, ask: Ask): void {
  program
    .command('rm')
    .alias('rmi')
    .summary('remove images')
    .description(
      'Removes names of images, or by digest all names of one, and frees what nothing else needs.',
    )
    .argument('<references...>', 'names or manifest digests')
    .option('--dry-run', 'only tell what would be removed and freed')
    .option('--json', 'as JSON, sizes in bytes')
    .addHelpText('after', '\nExamples:\n  layerwright rm --dry-run acme/shop:1')
    .action((references: readonly string[], flags: RemoveFlags) =>
      ask(async context => {
        const { remove } = await import('../commands/remove.ts');
        return await remove(context, references, flags);
      }),
    );
}
