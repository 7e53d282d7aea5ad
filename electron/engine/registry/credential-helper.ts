import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../../../shared/failure.ts';
import { readJson } from '../../../shared/oci/json.ts';
import { throwIfCancelled, unlessCancelled } from '../content/cancel.ts';
import type { Credential } from './credentials.ts';
import type { Environment } from './dispatcher.ts';
import { plainText } from './plain-text.ts';

/** A program `docker-credential-<name>`, spoken to as Docker does (docker-credential-helpers, "Development"). */
export interface CredentialHelper {
  /** `server` is a key of Docker's configuration. */
  get(server: string, signal?: AbortSignal): Promise<Credential | undefined>;
  store(server: string, credential: Credential, signal?: AbortSignal): Promise<void>;
  erase(server: string, signal?: AbortSignal): Promise<void>;
  /** Server to user name. */
  list(signal?: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

// Some helpers ask the user to unlock a key ring first.
const patienceMs = 60_000;
const outputLimit = 1024 * 1024;
const tokenUser = '<token>';
const notFound = /credentials not found|no credentials/i;

const secretSchema = z.looseObject({ Username: z.string(), Secret: z.string() });
const listSchema = z.record(z.string(), z.string());

/** All functions throw `credentials-failed`: the program is missing, says no, hangs or talks nonsense. */
export function credentialHelper(name: string, environment: Environment): CredentialHelper {
  const program = `docker-credential-${name}`;
  const fail = (problem: string, cause?: unknown) =>
    new AppError(
      { code: 'credentials-failed', source: program, problem: plainText(problem) },
      { cause },
    );

  async function ask(verb: string, input: string, signal?: AbortSignal): Promise<Reply> {
    // The name comes from a file and becomes part of a program's name.
    if (!/^[A-Za-z0-9._-]+$/.test(name)) throw fail('this is no name of a helper.');
    throwIfCancelled(signal);
    return await run({ program, verb, input, environment, fail }, signal);
  }

  function said(reply: Reply, secret?: string): AppError {
    const text =
      `${reply.output.trim()} ${reply.errors.trim()}`.trim() || `it ended with ${reply.code}.`;
    return fail(secret === undefined || secret === '' ? text : text.replaceAll(secret, '***'));
  }

  return {
    async get(server, signal) {
      const reply = await ask('get', server, signal);
      if (reply.code !== 0) {
        if (notFound.test(reply.output)) return undefined;
        throw said(reply);
      }
      const reading = readJson(secretSchema, reply.output);
      // What came may hold the secret, so it is not shown.
      if (reading.kind === 'wrong') throw fail('its answer is not what Docker describes.');
      return credentialOf(reading.value.Username, reading.value.Secret);
    },
    async store(server, credential, signal) {
      const secret = credential.kind === 'password' ? credential.password : credential.token;
      const Username = credential.kind === 'password' ? credential.username : tokenUser;
      const input = JSON.stringify({ ServerURL: server, Username, Secret: secret });
      const reply = await ask('store', input, signal);
      if (reply.code !== 0) throw said(reply, secret);
    },
    async erase(server, signal) {
      const reply = await ask('erase', server, signal);
      if (reply.code !== 0 && !notFound.test(reply.output)) throw said(reply);
    },
    async list(signal) {
      const reply = await ask('list', '', signal);
      if (reply.code !== 0) throw said(reply);
      const reading = readJson(listSchema, reply.output);
      if (reading.kind === 'wrong') throw fail('its list is not what Docker describes.');
      return new Map(Object.entries(reading.value));
    },
  };
}

function credentialOf(username: string, secret: string): Credential | undefined {
  if (secret === '') return undefined;
  return username === tokenUser
    ? { kind: 'identity-token', token: secret }
    : { kind: 'password', username, password: secret };
}

interface Reply {
  readonly code: number | string;
  readonly output: string;
  readonly errors: string;
}

interface Call {
  readonly program: string;
  readonly verb: string;
  readonly input: string;
  readonly environment: Environment;
  readonly fail: (problem: string, cause?: unknown) => AppError;
}

/** Runs the program. What it has started itself may outlive it, so its output is closed with it. */
async function run(
  { program, verb, input, environment, fail }: Call,
  signal: AbortSignal | undefined,
): Promise<Reply> {
  const child = spawn(program, [verb], { env: environment, stdio: 'pipe', windowsHide: true });
  const { promise: stopped, reject: stop } = Promise.withResolvers<never>();
  stopped.catch(() => undefined);
  const timer = setTimeout(() => stop(fail('it did not end in time.')), patienceMs);
  const output = collected(child.stdout, () => stop(fail('it says too much.')));
  const errors = collected(child.stderr, () => stop(fail('it says too much.')));
  try {
    const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    // A helper that ends without reading must not end us.
    child.stdin.on('error', () => undefined).end(input);
    const [code, killer] = await unlessCancelled(Promise.race([ended, stopped]), signal);
    return { code: code ?? String(killer), output: output(), errors: errors() };
  } catch (error) {
    if (error instanceof AppError) throw error;
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw fail(isMissing ? 'there is no such program on the PATH.' : String(error), error);
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Collects what a stream says, in bounds. */
function collected(stream: Readable, onTooMuch: () => void): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.length <= outputLimit) return;
    stream.destroy();
    onTooMuch();
  });
  return () => text;
}
