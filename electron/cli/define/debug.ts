import { Argument, type Command } from 'commander';
import type { DebugFlags } from '../commands/debug.ts';
import type { Ask } from '../program.ts';
import { repeatable } from './collect.ts';

/** Defines `layerwright debug`. */
export function defineDebug(program: Command, ask: Ask): void {
  program
    .command('debug')
    .summary('look into a RUN that failed and was kept')
    .description(
      'Opens a shell in the files that a failed RUN left, where the build had --keep-failed. Lines are run by cmd.exe in ' +
        'the environment and folder of the step, one at a time; cd changes the folder, exit ends the shell. Mounts and ' +
        'secrets of the step are not there. Without a build it lists what was kept.',
    )
    .addArgument(new Argument('[build]', 'a build, by its id or the start of it'))
    .addOption(repeatable('--run <line>', 'run this line instead of opening a shell'))
    .option('--files <folder>', 'list a folder instead of opening a shell')
    .option('--drop', 'remove what was kept')
    .option('--json', 'the list as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright build --keep-failed .\n  layerwright debug\n  layerwright debug 1m86sx2d\n  layerwright debug 1m86sx2d --run "type C:\\install.log"\n  layerwright debug 1m86sx2d --drop',
    )
    .action((build: string | undefined, flags: DebugFlags) =>
      ask(async context => {
        const { debug } = await import('../commands/debug.ts');
        return await debug(context, build, flags);
      }),
    );
}
