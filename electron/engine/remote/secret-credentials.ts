import { z } from 'zod';
import { AppError } from '../../../shared/failure.ts';
import { readJsonOr } from '../../../shared/oci/json.ts';
import { jsonFile } from '../content/json-file.ts';
import type { Credential, CredentialStore } from '../registry/credentials.ts';

/** Locks secrets with a key that only this user of this computer has: the operating system's keychain. */
export interface SecretBox {
  seal(secret: string): Promise<Uint8Array>;
  /** Fails where it was sealed by somebody else. */
  open(sealed: Uint8Array): Promise<string>;
}

const entrySchema = z.strictObject({ username: z.string().exactOptional(), sealed: z.base64() });
const fileSchema = z.strictObject({ registries: z.record(z.string(), entrySchema).default({}) });
type SecretFile = z.output<typeof fileSchema>;

const credentialSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('password'), username: z.string(), password: z.string() }),
  z.strictObject({ kind: z.literal('identity-token'), token: z.string() }),
  z.strictObject({ kind: z.literal('registry-token'), token: z.string() }),
]);

/** Credentials in `file`, each sealed by `box`; names of registries and users stand there readable. */
export function secretCredentials(file: string, box: SecretBox): CredentialStore {
  const secrets = jsonFile(file, text =>
    readJsonOr<SecretFile>(fileSchema, text, problem => failed(file, problem)),
  );
  return {
    async get(registry) {
      const sealed = entryOf(await secrets.read(), registry)?.sealed;
      return sealed === undefined ? undefined : await opened(file, box, sealed);
    },
    async save(registry, credential) {
      const sealed = Buffer.from(await box.seal(JSON.stringify(credential))).toString('base64');
      const name = credential.kind === 'password' ? { username: credential.username } : {};
      await secrets.change(({ registries }) => ({
        registries: { ...registries, [registry]: { ...name, sealed } },
      }));
    },
    async erase(registry) {
      if (entryOf(await secrets.read(), registry) === undefined) return false;
      await secrets.change(({ registries }) => ({
        registries: Object.fromEntries(
          Object.entries(registries).filter(([each]) => each !== registry),
        ),
      }));
      return true;
    },
    async list() {
      const { registries } = await secrets.read();
      return Object.entries(registries).map(([registry, { username }]) => ({
        registry,
        ...(username === undefined ? {} : { username }),
      }));
    },
  };
}

function entryOf({ registries }: SecretFile, registry: string) {
  return Object.hasOwn(registries, registry) ? registries[registry] : undefined;
}

async function opened(file: string, box: SecretBox, sealed: string): Promise<Credential> {
  try {
    return credentialSchema.parse(JSON.parse(await box.open(Buffer.from(sealed, 'base64'))));
  } catch {
    // Without the cause: it might quote what was opened.
    throw failed(
      file,
      'the keychain of this computer cannot open it; it may have been copied from elsewhere.',
    );
  }
}

function failed(file: string, problem: string): AppError {
  return new AppError({ code: 'credentials-failed', source: file, problem });
}
