import { Argument, type Command } from 'commander';
import type { PlanFlags } from '../commands/plan.ts';
import type { Ask } from '../program.ts';
import { choice, repeatable } from './collect.ts';

/** Defines `layerwright plan`. */
export function definePlan(program: Command, ask: Ask): void {
  program
    .command('plan')
    .summary('look at a build before a byte is fetched')
    .description(
      'Tells what a build would do and what stands in its way, without fetching or building: the bases and whether they run ' +
        'here, whether RUN is possible, the size of the context and what is in it by mistake, names that Windows cannot hold, ' +
        'secrets, disk space, and what the rules about Windows find. Fails with exit code 1 where a finding is an error.',
    )
    .addArgument(new Argument('[context]', 'folder with the files to copy').default('.'))
    .option('-f, --file <path>', 'the Dockerfile or ZImagefile; - reads it from standard input')
    .option('--target <stage>', 'stage to build, instead of the last one')
    .option('--platform <platform>', 'such as windows(10.0.20348)/amd64')
    .addOption(repeatable('--build-arg <name=value>', 'value of an ARG'))
    .addOption(
      repeatable('--build-context <name=value>', 'further context, as for "layerwright build"'),
    )
    .addOption(
      choice('--pull <policy>', 'whether base images that are not here may be pulled', [
        'missing',
        'always',
        'never',
      ]),
    )
    .addOption(choice('--backend <backend>', 'what runs the steps', ['auto', 'portable', 'hcs']))
    .option('--commands', 'also what each RUN, CMD and ENTRYPOINT starts, to the letter')
    .option('--json', 'everything, as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright plan\n  layerwright plan --commands -f docker/Dockerfile .\n  layerwright plan --json . | jq .findings',
    )
    .action((contextDir: string, flags: PlanFlags) =>
      ask(async context => {
        const { plan } = await import('../commands/plan.ts');
        return await plan(context, contextDir, flags);
      }),
    );
}
