import type { Command } from 'commander';
import type { JobFlags } from '../commands/build.ts';
import type { ListFlags, LogsFlags, RemoveHistoryFlags } from '../commands/history.ts';
import type { Ask } from '../program.ts';
import { repeatable } from './collect.ts';
import { connectionOptions, progressOptions } from './connection.ts';

const buildArgument = "id of a build, its beginning, or 'last'";

/** Defines `layerwright history` with all below it. */
export function defineHistory(program: Command, ask: Ask): void {
  const history = program
    .command('history')
    .summary('past builds: list, logs, compare, build again')
    .description('Looks at past and running builds of the store, whoever started them.');
  defineList(history, ask);
  defineLook(history, ask);
  defineCompare(history, ask);
  defineRerun(history, ask);
  defineRemove(history, ask);
}

function filterOptions(command: Command): Command {
  return command
    .option('--search <text>', 'only with this in folder, Dockerfile, tags or id')
    .addOption(
      repeatable(
        '--status <status>',
        'only running, succeeded, failed, cancelled or interrupted ones',
      ),
    )
    .option('--project <dir>', 'only of this folder');
}

function defineList(history: Command, ask: Ask): void {
  const list = history
    .command('ls', { isDefault: true })
    .alias('list')
    .summary('list builds, newest first')
    .description('Lists builds, newest first. CACHED says how many steps came out of the cache.');
  filterOptions(list)
    .option('--since <age>', 'only those that began in the last time, such as 12h or 7d')
    .option('-n, --limit <n>', 'at most so many', '20')
    .option('--json', 'as JSON, times in ms since 1970')
    .addHelpText('after', '\nExamples:\n  layerwright history ls --project . --status failed')
    .action((flags: ListFlags) =>
      ask(async context => {
        const { listHistory } = await import('../commands/history.ts');
        return await listHistory(context, flags);
      }),
    );
}

function defineLook(history: Command, ask: Ask): void {
  history
    .command('show')
    .summary('all that is known of a build')
    .description('Shows what a build was asked for, its steps with their times, and its result.')
    .argument('<build>', buildArgument)
    .option('--json', 'as JSON')
    .action((build: string, flags: { readonly json?: boolean }) =>
      ask(async context => {
        const { showHistory } = await import('../commands/history.ts');
        return await showHistory(context, build, flags);
      }),
    );
  history
    .command('logs')
    .summary('what the steps of a build said')
    .description('Prints the log of a build, also while it runs.')
    .argument('<build>', buildArgument)
    .option('--step <id>', 'only of this step, such as 0.2')
    .option('--search <text>', 'only lines with this text, in any case')
    .option('--tail <n>', 'only the last n lines')
    .option('--json', 'one line of JSON for each line')
    .action((build: string, flags: LogsFlags) =>
      ask(async context => {
        const { showLogs } = await import('../commands/history.ts');
        return await showLogs(context, build, flags);
      }),
    );
}

function defineCompare(history: Command, ask: Ask): void {
  history
    .command('compare')
    .summary('two builds side by side')
    .description(
      'Tells what changed from one build to the other: what was asked for, instructions, layers, times, and why steps ran. ' +
        'Without a second build it takes the one before in the same folder.',
    )
    .argument('<build>', buildArgument)
    .argument('[other]', buildArgument)
    .option('--json', 'as JSON')
    .action((build: string, other: string | undefined, flags: { readonly json?: boolean }) =>
      ask(async context => {
        const { compareHistory } = await import('../commands/history.ts');
        return await compareHistory(context, build, other, flags);
      }),
    );
}

function defineRerun(history: Command, ask: Ask): void {
  const rerun = history
    .command('rerun')
    .summary('build once more what was asked for then')
    .description(
      'Builds with the same folder, Dockerfile, tags, arguments and options as an earlier build. Files are those of now.',
    )
    .argument('<build>', buildArgument)
    .option('--no-cache', 'make every step again');
  connectionOptions(progressOptions(rerun)).action(
    (build: string, flags: JobFlags & { readonly cache: boolean }) =>
      ask(async context => {
        const { rerunHistory } = await import('../commands/history.ts');
        return await rerunHistory(context, build, flags);
      }),
  );
}

function defineRemove(history: Command, ask: Ask): void {
  const remove = history
    .command('rm')
    .summary('forget builds')
    .description('Removes builds with their logs from the history. Images and the cache stay.')
    .argument('[builds...]', buildArgument);
  filterOptions(remove)
    .option('--older-than <age>', 'those that began before, such as 30d')
    .option('--all', 'all that do not run')
    .option('--json', 'as JSON')
    .action((builds: readonly string[], flags: RemoveHistoryFlags) =>
      ask(async context => {
        const { removeHistory } = await import('../commands/history.ts');
        return await removeHistory(context, builds, flags);
      }),
    );
}
