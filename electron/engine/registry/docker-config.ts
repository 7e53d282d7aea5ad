import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, realpath, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../shared/failure.ts';
import { readJsonOr } from '../../../shared/oci/json.ts';
import { errnoOf, fileFailure, renameOver } from '../content/file-system.ts';
import type { Environment } from './dispatcher.ts';

const entrySchema = z.looseObject({
  auth: z.string().optional(),
  username: z.string().optional(),
  password: z.string().optional(),
  identitytoken: z.string().optional(),
  registrytoken: z.string().optional(),
});

const configSchema = z.looseObject({
  auths: z.record(z.string(), entrySchema).optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});

/** One of `auths`: everything Docker may have written there. */
export type AuthEntry = z.infer<typeof entrySchema>;
/** Docker's `config.json`, as far as it is about credentials. Unknown keys are kept. */
export type DockerConfig = z.infer<typeof configSchema>;

/** Where Docker keeps its configuration: DOCKER_CONFIG, else `.docker` in the home folder. */
export function dockerFolder(environment: Environment): string {
  const chosen = environment['DOCKER_CONFIG'];
  return chosen === undefined || chosen === '' ? path.join(homedir(), '.docker') : chosen;
}

/** Reads `file`; a file that is not there is an empty configuration. Throws `credentials-failed`. */
export async function readDockerConfig(file: string): Promise<DockerConfig> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return {};
    throw fileFailure(error, 'read', file);
  }
  const content = text.trim() === '' ? '{}' : text.replace(/^\uFEFF/, '');
  return readJsonOr(
    configSchema,
    content,
    problem => new AppError({ code: 'credentials-failed', source: file, problem }),
  );
}

/** Replaces `file` in one step, readable for its owner only. A link stays one: what it leads to is replaced. */
export async function writeDockerConfig(file: string, config: DockerConfig): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const target = await realpath(file).catch(() => file);
  const aside = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const handle = await open(aside, 'wx', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(config, undefined, '\t')}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await renameOver(aside, target);
  } catch (error) {
    await rm(aside, { force: true });
    throw fileFailure(error, 'write', file);
  }
}
