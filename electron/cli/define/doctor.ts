import type { Command } from 'commander';
import type { DoctorFlags } from '../commands/doctor.ts';
import type { Ask } from '../program.ts';

/** Defines `layerwright doctor`. */
export function defineDoctor(program: Command, ask: Ask): void {
  program
    .command('doctor')
    .summary('tell what this machine can do, and what to do about the rest')
    .description(
      'Checks what builds need: on Windows its version and edition, administrator rights and privileges, the Containers ' +
        'feature, Hyper-V, the container network and the file system of the store; everywhere the store, its disk and ' +
        'Node.js. Each check says what was found, what that means, and what to do, with the command. Changes nothing. ' +
        'Exit code 1 means that there is a problem; a warning is none.',
    )
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright doctor\n  layerwright doctor --json | jq \'.checks[] | select(.state == "problem")\'',
    )
    .action((flags: DoctorFlags) =>
      ask(async context => {
        const { doctor } = await import('../commands/doctor.ts');
        return await doctor(context, flags);
      }),
    );
}
