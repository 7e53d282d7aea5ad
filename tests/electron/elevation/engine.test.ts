import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { engineHandshake } from '../../../electron/elevation/handshake.ts';
import { runEngine } from '../../../electron/elevation/run-engine.ts';
import { startEngine, type LaunchEngine } from '../../../electron/elevation/start-engine.ts';
import { AppError } from '../../../shared/failure.ts';
import type { BuildEvent } from '../../../shared/ipc/build-events.ts';
import { buildRequestSchema } from '../../../shared/ipc/build-request.ts';
import { productDir } from '../../support/bundled.ts';

let root: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'layerwright-elevation-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(root, { recursive: true, force: true });
});

/** The engine as a plain second process, as Windows would start it with other rights. */
const launch: LaunchEngine = async invitation => {
  const child = spawn(
    process.execPath,
    [path.join(productDir, 'electron/cli.ts'), 'engine', '--invitation', invitation],
    { env: { ...process.env, LAYERWRIGHT_STORE: path.join(root, 'store') }, stdio: 'inherit' },
  );
  children.push(child);
  const exited = new Promise<number>(resolve => child.once('exit', code => resolve(code ?? -1)));
  return { exited };
};

interface Invited {
  readonly address: string;
  readonly secret: string;
}

/** Reads the invitation as a process of the same user could, before the engine does. */
async function peek(file: string): Promise<Invited> {
  return JSON.parse(await readFile(file, 'utf8')) as Invited;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof AppError ? error.failure.code : String(error);
}

describe('an engine in a process of its own', () => {
  it('answers over the contract, builds, tells events, and ends with its window', async () => {
    let exited: Promise<number> | undefined;
    const engine = await startEngine(async (file, signal) => {
      const launched = await launch(file, signal);
      ({ exited } = launched);
      return launched;
    });
    expect((await engine.request('app.info', {})).version).toMatch(/^\d/);
    const context = path.join(root, 'context');
    await writeDockerfile(context, 'FROM scratch\nCOPY Dockerfile C:/app/\n');
    const told: BuildEvent[] = [];
    const finished = Promise.withResolvers<void>();
    engine.onEvents(messages => {
      for (const message of messages) {
        if (message.event !== 'build.events') continue;
        told.push(...message.payload.events);
        if (told.some(({ kind }) => kind === 'build-finished')) finished.resolve();
      }
    });
    const request = buildRequestSchema.parse({ contextDir: context, tags: ['elevated:1'] });
    const { buildId } = await engine.request('build.start', request);
    await finished.promise;
    expect(told.map(({ kind }) => kind)).toContain('build-started');
    expect((await engine.request('build.get', { buildId })).summary.status).toBe('succeeded');
    engine.close();
    expect(await exited).toBe(0);
  }, 60_000);

  it('fails a request with what the engine says', async () => {
    const engine = await startEngine(launch);
    expect(await codeOf(engine.request('build.get', { buildId: 'none' }))).toBe('build-missing');
    engine.close();
  }, 60_000);

  it('says that the engine is gone to whoever waits for it, and to whoever asks later', async () => {
    const engine = await startEngine(launch);
    const waiting = codeOf(engine.request('image.makeSamples', {}));
    children[0]?.kill('SIGKILL');
    expect(await waiting).toBe('engine-gone');
    await engine.ended;
    expect(await codeOf(engine.request('app.info', {}))).toBe('engine-gone');
  }, 60_000);

  it('deletes the invitation as soon as it is read, and keeps it from other users until then', async () => {
    let file = '';
    let mode = 0;
    const engine = await startEngine(async (invitation, signal) => {
      file = invitation;
      mode = (await stat(invitation)).mode & 0o777;
      return await launch(invitation, signal);
    });
    expect(mode).toBe(0o600);
    expect(existsSync(file)).toBe(false);
    engine.close();
  }, 60_000);

  it('is not to be had by strangers: they are dropped, and the real one still comes in', async () => {
    const replies: string[] = [];
    const engine = await startEngine(async (invitation, signal) => {
      const { address } = await peek(invitation);
      const attacks = [
        '{"kind":"request","requestId":"1","channel":"app.info","input":{}}\n',
        `{"kind":"proof","nonce":"${'0'.repeat(64)}","proof":"${'0'.repeat(64)}"}\n`,
        'GET / HTTP/1.1\r\n\r\n',
        'x'.repeat(100_000),
        '[[[[[[\n',
      ];
      for (const attack of attacks) replies.push(await say(address, attack));
      return await launch(invitation, signal);
    });
    expect((await engine.request('app.info', {})).version).toMatch(/^\d/);
    expect(replies).toHaveLength(5);
    // They hear the opening of the handshake and nothing else.
    for (const reply of replies)
      expect(reply).toMatch(/^(?:\{"kind":"hello","nonce":"\w{64}"\}\n)?$/);
    engine.close();
  }, 60_000);

  it('lets nobody in any more once the engine is there', async () => {
    let address = '';
    const engine = await startEngine(async (invitation, signal) => {
      ({ address } = await peek(invitation));
      return await launch(invitation, signal);
    });
    await expect(say(address, '{}\n')).rejects.toThrow(/ENOENT|ECONNREFUSED/);
    engine.close();
  }, 60_000);

  it('obeys no window that does not know the secret', async () => {
    const address = path.join(root, 'false-window');
    const invitation = path.join(root, 'invitation.json');
    const secret = randomBytes(32).toString('hex');
    await writeFile(invitation, JSON.stringify({ address, secret }));
    const server = createServer(socket => {
      socket.on('error', () => undefined);
      socket.write(`{"kind":"hello","nonce":"${'1'.repeat(64)}"}\n`);
      socket.once('data', () => {
        socket.write(`{"kind":"welcome","proof":"${'1'.repeat(64)}"}\n`);
        socket.write(
          '{"kind":"request","requestId":"1","channel":"image.makeSamples","input":{}}\n',
        );
      });
    });
    await new Promise<void>(resolve => server.listen(address, resolve));
    let opened = false;
    const running = runEngine(invitation, async () => {
      opened = true;
      throw new Error('must not be opened');
    });
    expect(await codeOf(running)).toBe('engine-gone');
    expect(opened).toBe(false);
    server.close();
  });

  it('fails at once where the process ends without a word', async () => {
    const launched = startEngine(async () => ({ exited: Promise.resolve(1) }));
    expect(await codeOf(launched)).toBe('engine-gone');
  });

  it('stops waiting when told to', async () => {
    const stop = new AbortController();
    const launched = startEngine(async () => {
      stop.abort();
      return { exited: new Promise(() => undefined) };
    }, stop.signal);
    expect(await codeOf(launched)).toBe('cancelled');
  });

  it('takes no link for an invitation, nor anything else that is none', async () => {
    const target = path.join(root, 'target');
    await writeFile(target, '{}');
    await symlink(target, path.join(root, 'link'));
    const open = async () => Promise.reject(new Error('must not be opened'));
    await expect(runEngine(path.join(root, 'link'), open)).rejects.toThrow(/ELOOP/);
    await expect(runEngine(target, open)).rejects.toThrow();
  });

  it('proves itself anew each time: what was overheard does not open the next launch', async () => {
    const overheard = engineHandshake(randomBytes(32)).receive({
      kind: 'hello',
      nonce: '2'.repeat(64),
    });
    const engine = await startEngine(async (invitation, signal) => {
      const { address } = await peek(invitation);
      const reply = await say(address, `${JSON.stringify(overheard.send)}\n`);
      expect(reply).toMatch(/^(?:\{"kind":"hello","nonce":"\w{64}"\}\n)?$/);
      return await launch(invitation, signal);
    });
    engine.close();
  }, 60_000);
});

/** Connects, says something, and gives all that was answered until the other side ended it. */
async function say(address: string, text: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    let heard = '';
    let failed: Error | undefined;
    const socket = connect(address, () => socket.write(text));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (heard += chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') failed = error;
    });
    socket.on('close', () => (failed ? reject(failed) : resolve(heard)));
  });
}

async function writeDockerfile(dir: string, text: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(path.join(dir, 'Dockerfile'), text);
}
