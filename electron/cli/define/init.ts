import { Argument, type Command } from 'commander';
import type { InitFlags } from '../commands/init.ts';
import type { Ask } from '../program.ts';
import { choice } from './collect.ts';

/** Defines `layerwright init`. */
export function defineInit(program: Command, ask: Ask): void {
  program
    .command('init')
    .summary('write a Dockerfile that fits a folder')
    .description(
      'Looks at a folder (Node.js, Python, Go, Rust, .NET, .NET Framework, Java, a static site, scripts, an EXE) and ' +
        'writes a Dockerfile and a .dockerignore for it. Says what it found and why. Nothing is overwritten: an existing ' +
        'Dockerfile ends it with exit code 1, an existing .dockerignore is kept.',
    )
    .addArgument(new Argument('[dir]', 'the folder').default('.'))
    .option('--template <name>', 'take this template, whatever is found; --list names them')
    .option('--list', 'list the templates, those that fit first, and write nothing')
    .addOption(
      choice('--windows <tag>', 'the Windows of the base images', ['ltsc2022', 'ltsc2025']),
    )
    .option('--no-run', 'a template without RUN, which any system can build')
    .option('--print', 'write the Dockerfile to standard output and no file')
    .option('--force', 'move what is there to <name>.old, then write')
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright init\n  layerwright init --list services/shop\n  layerwright init --template go --windows ltsc2025\n  layerwright init --no-run --print . > Dockerfile.windows',
    )
    .action((dir: string, flags: InitFlags) =>
      ask(async context => {
        const { init } = await import('../commands/init.ts');
        return await init(context, dir, flags);
      }),
    );
}
