import type { Command } from 'commander';
import { insecureVariable, mirrorVariable } from '../../engine/remote/connection-variables.ts';
import { choice, repeatable } from './collect.ts';

/** Adds what says how registries are reached; the environment and the app's settings count as well. */
export function connectionOptions(command: Command): Command {
  return command
    .addOption(
      repeatable(
        '--insecure-registry <host>',
        `registry that may be without TLS or with any certificate (also ${insecureVariable}, with commas)`,
      ),
    )
    .addOption(
      repeatable(
        '--mirror <registry=host>',
        `where content of a registry is looked for first (also ${mirrorVariable}, with commas)`,
      ),
    );
}

/** Adds what says how a transfer is shown. */
export function progressOptions(command: Command): Command {
  return command
    .addOption(
      choice(
        '--progress <kind>',
        'how to show it; json writes one event a line to standard output',
        ['auto', 'plain', 'json'],
      ),
    )
    .option('-q, --quiet', 'show nothing but the digest');
}
