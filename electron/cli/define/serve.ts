import type { Command } from 'commander';
import type { ServeFlags } from '../commands/serve.ts';
import type { Ask } from '../program.ts';
import { repeatable } from './collect.ts';

/** Defines `layerwright serve`. */
export function defineServe(program: Command, ask: Ask): void {
  program
    .command('serve')
    .summary('serve the app to a browser')
    .description(
      'Serves the app to a browser on this machine until Ctrl+C. The address has a token that works once.',
    )
    .argument('[folder]', 'project to open')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', '0')
    .addOption(
      repeatable(
        '--root <folder>',
        'folder that the browser may open (default: here and the home folder)',
      ),
    )
    .option('--open', 'open the browser')
    .option('--url-file <file>', 'keep the address for the next browser in a file')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright serve --open\n  layerwright serve --port 8080 .',
    )
    .action((folder: string | undefined, flags: ServeFlags) =>
      ask(async context => {
        const { serve } = await import('../commands/serve.ts');
        return await serve(context, folder, flags);
      }),
    );
}
