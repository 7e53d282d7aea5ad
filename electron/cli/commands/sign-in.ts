import { AppError } from '../../../shared/failure.ts';
import { singleCredential } from '../../engine/registry/credentials.ts';
import { connectClient } from '../../engine/remote/connect.ts';
import {
  connectionSettings,
  registryName,
  type ConnectionFlags,
} from '../../engine/remote/connection-settings.ts';
import { dockerCredentialsPlace } from '../../engine/remote/credentials-place.ts';
import { savedRegistries } from '../../engine/remote/saved-registries.ts';
import type { CommandContext } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { signInsOf } from './registries.ts';

export interface LoginFlags extends ConnectionFlags {
  readonly username?: string;
  readonly password?: string;
  readonly passwordStdin?: boolean;
}

/** `layerwright login`: tries the credentials at the registry, and keeps them only if they are accepted. */
export async function login(
  context: CommandContext,
  registry: string,
  flags: LoginFlags,
): Promise<number> {
  const { environment, signal, storeDir, terminal } = context;
  const name = registryName(registry);
  const settings = connectionSettings(await savedRegistries(storeDir).read(), environment, flags);
  const username = flags.username ?? (await typedName(context));
  const password = await passwordOf(context, name, flags);
  const credential = { kind: 'password', username, password } as const;
  await using client = connectClient({
    settings,
    credentials: singleCredential(name, credential),
    environment,
  });
  await client.ping(name, signal);
  const place = await dockerCredentialsPlace(environment, name);
  const kept = await signInsOf(environment).save(name, credential, signal);
  terminal.note(`signed in to ${name} as ${username}; kept in ${kept}`);
  if (place.kind === 'file') {
    terminal.note(
      `warning: the password is only encoded there, as with "docker login". Set "credsStore" in it to a credential helper, so that a keychain keeps it.`,
    );
  }
  return exitCodes.ok;
}

/** `layerwright logout`: forgets the credentials of a registry. */
export async function logout(context: CommandContext, registry: string): Promise<number> {
  const { environment, signal, terminal } = context;
  const name = registryName(registry);
  const erased = await signInsOf(environment).erase(name, signal);
  terminal.note(erased ? `signed out of ${name}` : `nobody was signed in to ${name}`);
  return exitCodes.ok;
}

async function typedName({ prompt, signal }: CommandContext): Promise<string> {
  if (prompt === undefined) throw refused('--username', 'is needed where nobody can be asked');
  return (await prompt.line('User name: ', signal)).trim();
}

async function passwordOf(
  { prompt, readInput, signal, terminal }: CommandContext,
  registry: string,
  { password, passwordStdin = false }: LoginFlags,
): Promise<string> {
  if (password !== undefined) {
    terminal.note(
      'warning: a password on the command line is seen by other programs and kept in the history of the shell. Use --password-stdin.',
    );
    return password;
  }
  const typed =
    prompt === undefined || passwordStdin
      ? (await readInput()).replace(/\r?\n$/, '')
      : await prompt.secret(`Password or token for ${registry}: `, signal);
  if (typed === '') throw refused('password', 'is empty');
  return typed;
}

function refused(field: string, problem: string): AppError {
  return new AppError({ code: 'bad-request', field, problem });
}
