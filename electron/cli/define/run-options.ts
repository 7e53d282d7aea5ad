import type { Command } from 'commander';
import { choice, repeatable } from './collect.ts';

/** Adds the options of how RUN runs on a Windows host. */
export function addRunOptions(command: Command): void {
  command
    .addOption(
      choice(
        '--isolation <kind>',
        'how containers of RUN are isolated; auto decides by the builds of base and host',
        ['auto', 'process', 'hyperv'],
      ),
    )
    .option('-m, --memory <size>', 'memory of each RUN, such as 4g (default: as Windows decides)')
    .option('--cpus <count>', 'processors of each RUN (default: as Windows decides)')
    .option('--scratch-size <size>', 'disk that a RUN may fill, such as 60g (default: 20g)')
    .option(
      '--network <name>',
      'network of RUN: default (NAT), none, or a container network of the host',
    )
    .option('--run-timeout <time>', 'end a RUN that takes longer, such as 90s, 30m or 2h')
    .addOption(
      repeatable(
        '--secret <spec>',
        'value for RUN --mount=type=secret: id=<name>,src=<file> or id=<name>,env=<variable>',
      ),
    )
    .option('--keep-failed', 'keep the files of a RUN that fails, for layerwright debug');
}
