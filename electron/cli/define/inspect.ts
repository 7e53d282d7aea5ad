import { InvalidArgumentError, Option, type Command } from 'commander';
import { registryGroups, registryParts } from '../../../shared/ipc/inspect-views.ts';
import type { DiffFlags } from '../commands/diff.ts';
import type { ExtractFlags } from '../commands/extract.ts';
import type { FilesFlags } from '../commands/files.ts';
import type { FindFlags } from '../commands/find.ts';
import type { InspectFlags } from '../commands/inspect.ts';
import type { ProgramsFlags } from '../commands/programs.ts';
import type { RegFlags } from '../commands/reg.ts';
import type { ImageFlags } from '../inspected/with-image.ts';
import type { Ask } from '../program.ts';
import { connectionOptions } from './connection.ts';

const imageText =
  'reference or digest in the store; docker://REF in a registry; a path, or oci:, oci-archive: or docker-archive: and a path';

/** Defines the commands that look into an image. */
export function defineInspect(program: Command, ask: Ask): void {
  inspectCommand(program, ask);
  filesCommand(program, ask);
  findCommand(program, ask);
  extractCommand(program, ask);
  whyFileCommand(program, ask);
  diffCommand(program, ask);
  registryCommand(program, ask);
  environmentCommand(program, ask);
  wasteCommand(program, ask);
  programsCommand(program, ask);
}

/** What all of them take. */
function common(command: Command): Command {
  command
    .option('--platform <platform>', 'which image of an index')
    .option('--json', 'as JSON, sizes in bytes');
  return connectionOptions(command);
}

function layerOption(text: string): Option {
  return new Option('--layer <number>', text).argParser(value => {
    if (/^\d{1,4}$/.test(value)) return Number(value);
    throw new InvalidArgumentError('layers are numbered from 0, base first.');
  });
}

function inspectCommand(program: Command, ask: Ask): void {
  const command = program
    .command('inspect')
    .summary('show the layers of an image')
    .description(
      'Shows the chain of an image, base first: each layer with its size, digest and diff ID, and the instruction that ' +
        'made it. With rules it fails (exit code 1) where the image breaks one: size, content, waste (bytes), layers ' +
        '(a number), efficiency and user-waste (0 to 1, or a percentage).',
    )
    .argument('<image>', imageText)
    .option('--fail-on <rules>', 'such as waste>50MB,size>2GB,efficiency<0.9')
    .option('--rules <file>', 'rules in a file, one "key: value" a line, as in dive\'s .dive-ci')
    .addHelpText(
      'after',
      `
A file of rules:
  rules:
    lowest-efficiency: 0.95
    highest-wasted-bytes: 20MB
    highest-user-wasted-percent: 0.1
    highest-size: 2GB
    highest-layers: 30

Examples:
  layerwright inspect acme/shop:1
  layerwright inspect --fail-on 'waste>50MB,size>2GB,efficiency<0.9' docker://registry.example.com/shop:1
  layerwright inspect --json acme/shop:1 | jq -r '.links[].layer.diffId // empty'`,
    )
    .action((image: string, flags: InspectFlags) =>
      ask(async context => {
        const { inspect } = await import('../commands/inspect.ts');
        return await inspect(context, image, flags);
      }),
    );
  common(command);
}

function filesCommand(program: Command, ask: Ask): void {
  const command = program
    .command('files')
    .summary('list the files of an image')
    .description(
      'Lists the files of an image, those after a layer, or with --changed what a layer added (+), modified (~), ' +
        'deleted (-) or changed in metadata only (m).',
    )
    .argument('<image>', imageText)
    .argument('[glob]', 'only paths like this (*, ?, **); without / only names')
    .addOption(layerOption('the view after this layer; the topmost otherwise'))
    .option('--changed', 'only what the layer changed')
    .option('--long', 'with kind, size, layer, time and attributes; with --json everything known')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright files acme/shop:1 "*.pdb"\n  layerwright files --layer 2 --changed --long acme/shop:1',
    )
    .action((image: string, glob: string | undefined, flags: FilesFlags) =>
      ask(async context => {
        const { files } = await import('../commands/files.ts');
        return await files(context, image, glob, flags);
      }),
    );
  common(command);
}

function findCommand(program: Command, ask: Ask): void {
  const command = program
    .command('find')
    .summary('search all layers of an image at once')
    .description(
      'Finds entries of all layers, also those that upper layers have replaced or deleted, by name, size, time and content.',
    )
    .argument('<image>', imageText)
    .argument('[glob]', 'only paths like this (*, ?, **); without / only names')
    .option('--text <part>', 'only paths with this in them')
    .option('--min-size <size>', 'such as 10MB')
    .option('--max-size <size>', 'such as 1GiB')
    .option('--since <time>', 'modified then or later, such as 2024-01-31')
    .option('--until <time>', 'modified then or earlier')
    .option('--hash <sha256>', 'with this content; the first 8 digits are enough')
    .addOption(
      new Option('--kind <kind>', 'only such entries').choices([
        'file',
        'directory',
        'symlink',
        'hard-link',
        'stream',
        'whiteout',
      ]),
    )
    .addOption(
      new Option('--state <state>', 'what the image shows, or what upper layers hide')
        .choices(['any', 'shown', 'hidden'])
        .default('any'),
    )
    .option('--limit <number>', 'at most so many', '10000')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright find acme/shop:1 "*.pdb" --min-size 1MB\n  layerwright find acme/shop:1 --hash 9f86d081884c7d65',
    )
    .action((image: string, glob: string | undefined, flags: FindFlags) =>
      ask(async context => {
        const { find } = await import('../commands/find.ts');
        return await find(context, image, glob, flags);
      }),
    );
  common(command);
}

function extractCommand(program: Command, ask: Ask): void {
  const command = program
    .command('extract')
    .summary('take a file out of an image')
    .description('Writes a file of an image to the disk, or its text to standard output.')
    .argument('<image>', imageText)
    .argument('<file>', 'such as C:\\app\\shop.dll or Files/app/shop.dll; a stream as file:stream')
    .option('-o, --output <path>', 'where to; what stands there is replaced')
    .addOption(layerOption('as it is after this layer; the topmost otherwise'))
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright extract acme/shop:1 "C:\\app\\web.config"\n  layerwright extract -o shop.dll acme/shop:1 app/shop.dll',
    )
    .action((image: string, file: string, flags: ExtractFlags) =>
      ask(async context => {
        const { extract } = await import('../commands/extract.ts');
        return await extract(context, image, file, flags);
      }),
    );
  common(command);
}

function whyFileCommand(program: Command, ask: Ask): void {
  const command = program
    .command('why-file')
    .summary('tell which instruction put a file into an image')
    .description(
      'Tells what each layer did to one path, and the line of the Dockerfile that made it, where a build is on record.',
    )
    .argument('<image>', imageText)
    .argument('<path>', 'such as C:\\app\\shop.dll or Files/app/shop.dll')
    .addHelpText('after', '\nExamples:\n  layerwright why-file acme/shop:1 "C:\\app\\shop.dll"')
    .action((image: string, file: string, flags: ImageFlags) =>
      ask(async context => {
        const { whyFile } = await import('../commands/why-file.ts');
        return await whyFile(context, image, file, flags);
      }),
    );
  common(command);
}

function diffCommand(program: Command, ask: Ask): void {
  const command = program
    .command('diff')
    .summary('compare the files of two images or layers')
    .description(
      'Shows where the files of two images differ; with a file, where its text differs. IMAGE@N is the view after ' +
        'layer N (base first, from 0).',
    )
    .argument('<before>', imageText)
    .argument('<after>', 'as before')
    .argument('[file]', 'such as C:\\app\\web.config or Files/app/web.config')
    .option('--text <part>', 'only paths with this in them')
    .option('--exit-code', 'exit code 1 where they differ')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright diff acme/shop:1 acme/shop:2\n  layerwright diff acme/shop:1@0 acme/shop:1@2\n  layerwright diff acme/shop:1 acme/shop:2 "C:\\app\\web.config"',
    )
    .action((before: string, after: string, file: string | undefined, flags: DiffFlags) =>
      ask(async context => {
        const { diff } = await import('../commands/diff.ts');
        return await diff(context, { before, after, file }, flags);
      }),
    );
  common(command);
}

function registryCommand(program: Command, ask: Ask): void {
  const command = program
    .command('reg')
    .summary('show the registry of an image, or what a layer changed in it')
    .description(
      'Shows a key with its values and subkeys, without a key the hives; with --layer (or --changes, --group: of the ' +
        'topmost layer) and no key what that layer changed, by services, drivers, programs, environment, run keys and ' +
        'the rest. --search and --glob look through the keys, values and data of all hives. "layerwright registry ' +
        'IMAGE" is the same.',
    )
    .argument('<image>', imageText)
    .argument('[key]', 'such as HKLM\\SOFTWARE\\Microsoft')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright reg acme/shop:1 "HKLM\\SYSTEM\\CurrentControlSet\\Services"\n  layerwright reg --layer 2 --group services acme/shop:1\n' +
        '  layerwright reg --search JAVA_HOME acme/shop:1\n  layerwright reg --glob "HKLM\\SOFTWARE\\*\\Run" acme/shop:1',
    )
    .action((image: string, key: string | undefined, flags: RegFlags) =>
      ask(async context => {
        const { reg } = await import('../commands/reg.ts');
        return await reg(context, image, key, flags);
      }),
    );
  regOptions(command);
}

/** What `reg`, and `registry` with an image, take. */
export function regOptions(command: Command): void {
  command
    .addOption(layerOption('the view after this layer, or its changes'))
    .addOption(new Option('--group <group>', 'only these changes').choices([...registryGroups]))
    .option('--changes', 'what the layer changed, the topmost where none is named')
    .option(
      '--search <text>',
      'keys, names of values and data with this in them; with --changes or --group, such changes',
    )
    .option('--glob <pattern>', 'those that are like this (*, ?); with a \\ in it, paths of keys')
    .addOption(
      new Option('--in <part>', 'with --search or --glob: look only there').choices([
        ...registryParts,
      ]),
    )
    .option('--only-layer', 'with --search or --glob: only what the layer itself wrote')
    .option('--limit <number>', 'with --search or --glob: at most so many places', '1000');
  common(command);
}

function environmentCommand(program: Command, ask: Ask): void {
  const command = program
    .command('env')
    .summary('show the environment that processes of an image get')
    .description(
      'Shows the variables of registry and config together, where each comes from, what it hides, and the ENV line ' +
        'that mends what is wrong.',
    )
    .argument('<image>', imageText)
    .addHelpText('after', '\nExamples:\n  layerwright env acme/shop:1')
    .action((image: string, flags: ImageFlags) =>
      ask(async context => {
        const { environment } = await import('../commands/environment.ts');
        return await environment(context, image, flags);
      }),
    );
  common(command);
}

function wasteCommand(program: Command, ask: Ask): void {
  const command = program
    .command('waste')
    .summary('show what an image stores in vain, and how to avoid it')
    .description(
      'Shows bytes that no view shows any more, caches, temporary files, symbols and logs, and what merging or mending ' +
        'steps would save.',
    )
    .argument('<image>', imageText)
    .addHelpText('after', '\nExamples:\n  layerwright waste acme/shop:1')
    .action((image: string, flags: ImageFlags) =>
      ask(async context => {
        const { waste } = await import('../commands/waste.ts');
        return await waste(context, image, flags);
      }),
    );
  common(command);
}

function programsCommand(program: Command, ask: Ask): void {
  const command = program
    .command('programs')
    .summary('check the programs of an image against its base')
    .description(
      'Shows architecture and missing libraries of the programs that an image adds to its base, and which base images ' +
        'of the store would do.',
    )
    .argument('<image>', imageText)
    .addOption(layerOption('only programs of this layer'))
    .option('--problems', 'only programs with a problem')
    .addHelpText('after', '\nExamples:\n  layerwright programs --problems acme/shop:1')
    .action((image: string, flags: ProgramsFlags) =>
      ask(async context => {
        const { programs } = await import('../commands/programs.ts');
        return await programs(context, image, flags);
      }),
    );
  common(command);
}
