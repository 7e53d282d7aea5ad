import { InvalidArgumentError, type Command } from 'commander';
import type { CatalogFlags, TagsFlags } from '../commands/look.ts';
import type { ManifestFlags } from '../commands/manifest.ts';
import type { Ask } from '../program.ts';
import { connectionOptions } from './connection.ts';

/** Defines the commands that look into registries: `catalog`, `tags`, `manifest`. */
export function defineLook(program: Command, ask: Ask): void {
  const catalogCommand = program
    .command('catalog')
    .summary('list the repositories of a registry')
    .description('Lists the repositories of a registry, where the registry lets one do that.')
    .argument('<registry>', 'such as localhost:5000')
    .argument('[search]', 'only names with this in them')
    .option('--json', 'as JSON')
    .action((registry: string, search: string | undefined, flags: CatalogFlags) =>
      ask(async context => {
        const { catalog } = await import('../commands/look.ts');
        return await catalog(context, registry, search, flags);
      }),
    );
  connectionOptions(catalogCommand);
  defineTags(program, ask);
  defineManifest(program, ask);
}

function defineTags(program: Command, ask: Ask): void {
  const command = program
    .command('tags')
    .summary('list the tags of a repository')
    .description(
      'Lists the tags of a repository with the Windows version, age and size of what they name, how many months that is ' +
        'behind the newest of its release, and whether this host can run it. Nothing is pulled.',
    )
    .argument('<repository>', 'such as mcr.microsoft.com/windows/servercore')
    .argument('[search]', 'only tags with this in them')
    .option('--limit <count>', 'look up at most so many tags, the newest first', positive, '30')
    .option('--names-only', 'only the names, of all tags')
    .option('--json', 'as JSON, sizes in bytes')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright tags mcr.microsoft.com/windows/servercore ltsc2022\n  layerwright tags --names-only localhost:5000/shop',
    )
    .action((repository: string, search: string | undefined, flags: TagsFlags) =>
      ask(async context => {
        const { tags } = await import('../commands/look.ts');
        return await tags(context, repository, search, flags);
      }),
    );
  connectionOptions(command);
}

function defineManifest(program: Command, ask: Ask): void {
  const command = program
    .command('manifest')
    .summary('show the manifest or index of an image')
    .description(
      'Shows the manifest or index of an image: of the store where it is there, else of its registry.',
    )
    .argument('<reference>', 'name or digest')
    .option('--platform <platform>', 'of an index the manifest of this image')
    .option('--raw', 'exactly the text that the digest is of')
    .option('--json', 'as JSON: digest, mediaType, size, isStored and the document')
    .option('--remote', 'ask the registry also where the store has the image')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright manifest mcr.microsoft.com/windows/nanoserver:ltsc2022\n  layerwright manifest --raw acme/shop:1 | sha256sum',
    )
    .action((reference: string, flags: ManifestFlags) =>
      ask(async context => {
        const { manifest } = await import('../commands/manifest.ts');
        return await manifest(context, reference, flags);
      }),
    );
  connectionOptions(command);
}

function positive(text: string): string {
  if (/^[1-9]\d{0,5}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be a number from 1.');
}
