import type { Command } from 'commander';
import type { LoginFlags } from '../commands/sign-in.ts';
import type { Ask } from '../program.ts';
import { connectionOptions } from './connection.ts';

/** Defines `layerwright login` and `layerwright logout`. */
export function defineSignIn(program: Command, ask: Ask): void {
  const command = program
    .command('login')
    .summary('sign in to a registry')
    .description(
      'Signs in to a registry. The credentials are tried first, then kept where Docker keeps them: in the credential helper ' +
        "of Docker's config.json, else in that file. Without a terminal the password is read from standard input.",
    )
    .argument('<registry>', 'such as registry.example.com')
    .option('-u, --username <name>', 'user name; it is asked for where it is missing')
    .option('--password-stdin', 'read the password or token from standard input')
    .option('-p, --password <password>', 'not recommended: other programs can see it')
    .addHelpText(
      'after',
      '\nExamples:\n  layerwright login registry.example.com\n  get-token | layerwright login -u ci --password-stdin registry.example.com',
    )
    .action((registry: string, flags: LoginFlags) =>
      ask(async context => {
        const { login } = await import('../commands/sign-in.ts');
        return await login(context, registry, flags);
      }),
    );
  connectionOptions(command);
  program
    .command('logout')
    .summary('forget the credentials of a registry')
    .description('Forgets the credentials of a registry, wherever Docker keeps them.')
    .argument('<registry>', 'such as registry.example.com')
    .action((registry: string) =>
      ask(async context => {
        const { logout } = await import('../commands/sign-in.ts');
        return await logout(context, registry);
      }),
    );
}
