import path from 'node:path';
import { dockerFolder, readDockerConfig } from '../registry/docker-config.ts';

/** Where Docker's configuration has the credentials of a registry kept. */
export type CredentialsPlace =
  /** `docker-credential-<helper>`: a keychain as a rule. */
  | { readonly kind: 'helper'; readonly helper: string }
  /** Only encoded, so that whoever can read the file can read the password. */
  | { readonly kind: 'file'; readonly file: string };

/** Finds out where a sign-in would be kept. Throws `credentials-failed` where the configuration cannot be read. */
export async function dockerCredentialsPlace(
  environment: Readonly<Record<string, string | undefined>>,
  registry: string,
): Promise<CredentialsPlace> {
  const file = path.join(dockerFolder(environment), 'config.json');
  const { credHelpers = {}, credsStore } = await readDockerConfig(file);
  const key = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
  const own = Object.hasOwn(credHelpers, key) ? credHelpers[key] : undefined;
  const helper = own ?? credsStore ?? '';
  return helper === '' ? { kind: 'file', file } : { kind: 'helper', helper };
}

/** Says where it is, to stand behind "kept in". */
export function wordsOfPlace(place: CredentialsPlace): string {
  return place.kind === 'helper' ? `Docker's credential helper "${place.helper}"` : place.file;
}
