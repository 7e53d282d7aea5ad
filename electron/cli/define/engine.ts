import type { Command } from 'commander';
import type { Ask } from '../program.ts';

/** Defines `layerwright engine`, which the window starts with elevated rights; nobody types it. */
export function defineEngine(program: Command, ask: Ask): void {
  program
    .command('engine', { hidden: true })
    .description('Answers the window that wrote the invitation, with the rights of this process.')
    .requiredOption('--invitation <file>', 'how to find that window; the file is deleted')
    .action(({ invitation }: { readonly invitation: string }) =>
      ask(async context => {
        const { engine } = await import('../commands/engine.ts');
        return await engine(context, invitation);
      }),
    );
}
