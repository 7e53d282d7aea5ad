import { Argument, type Command } from 'commander';
import type { BuildFlags } from '../build-request.ts';
import type { Ask } from '../program.ts';
import { choice, repeatable } from './collect.ts';
import { connectionOptions } from './connection.ts';
import { addRunOptions } from './run-options.ts';

/** Defines `layerwright build`. */
export function defineBuild(program: Command, ask: Ask): void {
  const command = program
    .command('build')
    .summary('build an image from a Dockerfile')
    .description(
      'Builds an image from a Dockerfile and puts it into the store. COPY, ADD and everything that only ' +
        'sets metadata is built on any system; RUN needs Windows.',
    )
    .addArgument(new Argument('[context]', 'folder with the files to copy').default('.'))
    .addHelpText('after', examples)
    .action((contextDir: string, flags: BuildFlags) =>
      ask(async context => {
        const { build } = await import('../commands/build.ts');
        return await build(context, contextDir, flags);
      }),
    );
  addInputOptions(command);
  addRunOptions(command);
  connectionOptions(command);
  addOutputOptions(command);
}

function addInputOptions(command: Command): void {
  command
    .option(
      '-f, --file <path>',
      'the Dockerfile; - reads it from standard input (default: <context>/Dockerfile)',
    )
    .option('--target <stage>', 'stage to build, instead of the last one')
    .option('--platform <platform>', 'such as windows(10.0.20348)/amd64')
    .addOption(
      repeatable(
        '--build-arg <name=value>',
        'value of an ARG; without =value it comes from the environment',
      ),
    )
    .addOption(
      repeatable(
        '--build-context <name=value>',
        'further context: a folder or docker-image://<reference>',
      ),
    )
    .addOption(repeatable('--label <name=value>', 'label of the image'))
    .option('--no-cache', 'make every step again')
    .addOption(
      repeatable('--no-cache-filter <stage>', 'make every step of a stage again; name or number'),
    )
    .option(
      '--rerun-from <line>',
      'make the step at this line of the Dockerfile again, and those behind it in its stage',
    )
    .addOption(
      repeatable(
        '--cache-from <place>',
        'shared cache to take steps from: type=registry,ref=<reference> or type=local,src=<folder>',
      ),
    )
    .addOption(
      repeatable(
        '--cache-to <place>',
        'shared cache to write: type=registry,ref=<reference> or type=local,dest=<folder>, and mode=min|max',
      ),
    )
    .option('--explain-cache', 'say at the end in full why each step ran')
    .addOption(
      choice('--pull <policy>', 'base images: those that the store lacks, all anew, or none', [
        'missing',
        'always',
        'never',
      ]),
    )
    .addOption(choice('--backend <backend>', 'what runs the steps', ['auto', 'portable', 'hcs']));
}

function addOutputOptions(command: Command): void {
  command
    .addOption(repeatable('-t, --tag <reference>', 'name of the image'))
    .addOption(
      repeatable(
        '-o, --output <spec>',
        'also write the image: type=oci|docker|oci-dir,dest=<path>',
      ),
    )
    .addOption(
      choice(
        '--progress <kind>',
        'how to show the build; json writes one event a line to standard output',
        ['auto', 'plain', 'json'],
      ),
    )
    .option('-q, --quiet', 'show nothing but the digest of the image')
    .addOption(choice('--compression <kind>', 'of the layers', ['gzip', 'zstd']))
    .addOption(
      choice(
        '--timestamps <kind>',
        "normalize gives files the image's time, preserve keeps theirs",
        ['normalize', 'preserve'],
      ),
    )
    .option(
      '--source-date-epoch <seconds>',
      'the time of the image, in seconds since 1970 (default: SOURCE_DATE_EPOCH)',
    )
    .option('--iidfile <file>', 'write the digest of the image to a file')
    .option('--metadata-file <file>', 'write what was built to a file, as JSON');
}

const examples = `
Examples:
  layerwright build -t acme/shop:1 .
  layerwright build -f docker/Dockerfile --target tools --build-arg VERSION=2 .
  layerwright build -o type=docker,dest=shop.tar -t acme/shop:1 .
  layerwright build --cache-from type=registry,ref=acme/shop:cache \\
    --cache-to type=registry,ref=acme/shop:cache,mode=max -t acme/shop:1 .
  generate-dockerfile | layerwright build -f - .
  layerwright build --progress json . | jq -r 'select(.kind == "step-finished").stepId'`;
