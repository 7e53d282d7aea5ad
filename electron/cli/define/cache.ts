import type { Command } from 'commander';
import type { CacheListFlags, CachePruneFlags, CacheRemoveFlags } from '../commands/cache.ts';
import type { Ask } from '../program.ts';

/** Defines `layerwright cache` with all below it. */
export function defineCache(program: Command, ask: Ask): void {
  const cache = program
    .command('cache')
    .summary('see and forget what steps of builds made')
    .description(
      'Shows the steps that builds need not run again, and forgets them. "build --explain-cache" says why a step ran all the same; "build --cache-to" shares them with other machines.',
    );
  cache
    .command('ls')
    .alias('list')
    .summary('list the steps on record, the latest used first')
    .description('Lists the steps on record, the latest used first.')
    .option('--json', 'as JSON, with all that decides about each step')
    .action((flags: CacheListFlags) =>
      ask(async context => {
        const { cacheList } = await import('../commands/cache.ts');
        return await cacheList(context, flags);
      }),
    );
  cache
    .command('show <key>')
    .summary('what decides about a step')
    .description(
      'Shows what decides about a step: its key is made of that. The start of a key is enough.',
    )
    .option('--json', 'as JSON')
    .action((key: string, flags: CacheListFlags) =>
      ask(async context => {
        const { cacheShow } = await import('../commands/cache.ts');
        return await cacheShow(context, key, flags);
      }),
    );
  defineRemoval(cache, ask);
}

function defineRemoval(cache: Command, ask: Ask): void {
  const wait = [
    '--wait <time>',
    'how long to wait for running builds and transfers, such as 10m',
  ] as const;
  cache
    .command('rm <key...>')
    .summary('forget steps')
    .description(
      'Forgets steps, so that they run in the next build, and removes layers that nothing else needs. Images stay whole.',
    )
    .option(...wait)
    .option('--json', 'as JSON, sizes in bytes')
    .action((keys: readonly string[], flags: CacheRemoveFlags) =>
      ask(async context => {
        const { cacheRemove } = await import('../commands/cache.ts');
        return await cacheRemove(context, keys, flags);
      }),
    );
  cache
    .command('prune')
    .summary('forget steps that were not used for long, or all')
    .description(
      'Forgets steps that were not used for long, or all of them, with the layers that nothing else needs. "store gc" has policies for the whole store.',
    )
    .option('--older-than <age>', 'what was not used for longer, such as 12h, 30d or 8w')
    .option('--all', 'everything')
    .option(...wait)
    .option('--json', 'as JSON, sizes in bytes')
    .action((flags: CachePruneFlags) =>
      ask(async context => {
        const { cachePrune } = await import('../commands/cache.ts');
        return await cachePrune(context, flags);
      }),
    );
}
