import { Argument, type Command } from 'commander';
import type { PipelineFlags } from '../commands/pipeline.ts';
import type { ConvertFlags } from '../commands/convert.ts';
import type { Ask } from '../program.ts';
import { choice, repeatable } from './collect.ts';
import { connectionOptions } from './connection.ts';

/** Defines `layerwright pipeline` and `layerwright convert`. */
export function definePipeline(program: Command, ask: Ask): void {
  const command = program
    .command('pipeline')
    .summary('build the images of a ZPipeline in order')
    .description(
      'Builds the images of a ZPipeline.yaml, each as soon as those that it needs are built, side by side where they do not ' +
        'need each other. Each is a build of its own with its own log. What the format has and is not done here is said as ' +
        'a warning or an error with its line; docs/pipelines.md lists it.',
    )
    .addArgument(new Argument('[file]', 'the pipeline').default('ZPipeline.yaml'))
    .addOption(repeatable('--set <name=value>', 'value of a variable of the pipeline'))
    .addOption(repeatable('--image <name>', 'only this image and those that it needs'))
    .option('--plan', 'show the waves and build nothing')
    .option('--jobs <count>', 'how many images are built side by side', '2')
    .option('--no-fail-fast', 'go on with images that do not need the one that failed')
    .option('--no-cache', 'make every step again')
    .addOption(
      choice('--pull <policy>', 'base images: those that the store lacks, or none', [
        'missing',
        'never',
      ]),
    )
    .addOption(choice('--backend <backend>', 'what runs the steps', ['auto', 'portable', 'hcs']))
    .option('--push', 'push the tags of all images once all are built')
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright pipeline\n  layerwright pipeline --set LTSC=ltsc2025 images/windows/ZPipeline.yaml\n  layerwright pipeline --plan --image app',
    )
    .action((file: string, flags: PipelineFlags) =>
      ask(async context => {
        const { pipeline } = await import('../commands/pipeline.ts');
        return await pipeline(context, file, flags);
      }),
    );
  connectionOptions(command);
  defineConvert(program, ask);
}

function defineConvert(program: Command, ask: Ask): void {
  program
    .command('convert')
    .summary('write the Dockerfile that a ZImagefile means')
    .description(
      'Reads a ZImagefile, ZLayer’s YAML form of a Dockerfile, and writes the Dockerfile that means the same to standard ' +
        'output, or to a file that is not there yet.',
    )
    .addArgument(
      new Argument('[file]', 'the ZImagefile; - for standard input').default('ZImagefile'),
    )
    .addOption(repeatable('--set <name=value>', 'value of a variable ${NAME}'))
    .option('-o, --output <file>', 'write a new file instead; an existing one is not overwritten')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright convert ZImagefile.web\n  layerwright convert --set LTSC=ltsc2025 -o Dockerfile',
    )
    .action((file: string, flags: ConvertFlags) =>
      ask(async context => {
        const { convert } = await import('../commands/convert.ts');
        return await convert(context, file, flags);
      }),
    );
}
