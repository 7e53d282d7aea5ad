import type { Command } from 'commander';
import { policyKinds } from '../../../shared/ipc/storage-views.ts';
import type { GcFlags } from '../commands/storage-gc.ts';
import type { UsageFlags } from '../commands/storage-usage.ts';
import type { RepairFlags, VerifyFlags } from '../commands/storage-verify.ts';
import type { Ask } from '../program.ts';
import { repeatable } from './collect.ts';
import { connectionOptions } from './connection.ts';

/** Defines `layerwright store` with all below it. */
export function defineStorage(program: Command, ask: Ask): void {
  const store = program
    .command('store')
    .summary('see what takes room, clean up, verify and repair')
    .description('Looks after the store: what takes room in it, and whether all of it is whole.');
  defineUsage(store, ask);
  defineGc(store, ask);
  defineVerify(store, ask);
}

function defineUsage(store: Command, ask: Ask): void {
  store
    .command('usage')
    .alias('ls')
    .summary('who holds what')
    .description(
      'Lists what takes room in the store. UNIQUE is what nothing else needs, RECLAIMABLE what "store gc" without options frees.',
    )
    .option('-v, --verbose', 'list everything, not only the largest')
    .option('--json', 'as JSON, sizes in bytes and times in ms since 1970')
    .action((flags: UsageFlags) =>
      ask(async context => {
        const { storageUsage } = await import('../commands/storage-usage.ts');
        return await storageUsage(context, flags);
      }),
    );
}

function defineGc(store: Command, ask: Ask): void {
  store
    .command('gc')
    .summary('remove what is not needed')
    .description(
      'Removes what nothing needs: blobs of no image and no cache record, downloads that nobody went on with for a week, ' +
        'what was derived from layers that are gone. With a policy it removes more. Nothing goes while a build or transfer of ' +
        'any process runs in the store.',
    )
    .option('-n, --dry-run', 'list what would go and why; remove nothing')
    .option('--older-than <age>', 'also what was not used for longer, such as 12h, 30d or 8w')
    .option('--max-size <size>', 'until the store is no larger, such as 50GB; longest unused first')
    .option(
      '--keep-last <n>',
      'keep the newest n images of a repository and builds of a project; alone, the others go',
    )
    .option('--tagged', 'images that have a name may go, too')
    .addOption(
      repeatable(
        '--kind <kind>',
        `what a policy may take (${policyKinds.join(', ')}); by default all but builds, the history`,
      ),
    )
    .option('--wait <time>', 'how long to wait for running builds and transfers, such as 10m')
    .option('--json', 'as JSON, sizes in bytes')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright store gc --dry-run --older-than 30d\n' +
        '  layerwright store gc --max-size 50GB --wait 10m\n' +
        '  layerwright store gc --tagged --keep-last 3 --kind images\n' +
        '  layerwright store gc --kind builds --older-than 26w',
    )
    .action((flags: GcFlags) =>
      ask(async context => {
        const { storageGc } = await import('../commands/storage-gc.ts');
        return await storageGc(context, flags);
      }),
    );
}

function defineVerify(store: Command, ask: Ask): void {
  store
    .command('verify')
    .summary('hash everything again')
    .description(
      'Hashes every blob again, and checks manifests, configs, layers, names, indexes and databases. Changes nothing. ' +
        'The exit code is 1 where something is wrong.',
    )
    .option('--deep', 'unpack every layer, and compare it with what its image says')
    .option('--json', 'as JSON')
    .action((flags: VerifyFlags) =>
      ask(async context => {
        const { storageVerify } = await import('../commands/storage-verify.ts');
        return await storageVerify(context, flags);
      }),
    );
  const repair = store
    .command('repair')
    .summary('fetch or drop what is damaged')
    .description(
      'Verifies, fetches what is damaged or missing from the registries it came from, drops what cannot be had, and says ' +
        'everything it touched. The exit code is 1 where an image or the history was lost.',
    )
    .option('--deep', 'unpack every layer, and compare it with what its image says')
    .option('--offline', 'ask no registry')
    .option('--json', 'as JSON')
    .action((flags: RepairFlags) =>
      ask(async context => {
        const { storageRepair } = await import('../commands/storage-verify.ts');
        return await storageRepair(context, flags);
      }),
    );
  connectionOptions(repair);
}
