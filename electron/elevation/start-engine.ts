import { createServer, type Server, type Socket } from 'node:net';
import { AppError } from '../../shared/failure.ts';
import { createEngineConnection, type EngineConnection } from './engine-connection.ts';
import { readFrames, type Frames } from './frames.ts';
import { windowHandshake } from './handshake.ts';
import { writeInvitation, type Invitation } from './invitation.ts';

/** Starts the engine's process with an invitation. `exited` settles when it has ended. */
export type LaunchEngine = (
  invitationFile: string,
  signal?: AbortSignal,
) => Promise<{ readonly exited: Promise<number> }>;

/** Before it has proved itself nobody may say more than this, in bytes, or take longer than this, in ms. */
const stranger = { maxFrame: 1024, patienceMs: 5000, atOnce: 8 };
/** As large as the WebSocket's. */
const maxFrame = 48 * 1024 * 1024;
/** From the launch to the first word: somebody has to answer the prompt of Windows. */
const answerMs = 180_000;

/**
 * Starts an engine with `launch` and waits until it has connected and proved that it was this launch. Others that
 * connect are refused and do no harm. Fails with `elevation-refused` where the person says no, `engine-gone` where
 * the process ends or says nothing for three minutes, and as `launch` does.
 */
export async function startEngine(
  launch: LaunchEngine,
  signal?: AbortSignal,
): Promise<EngineConnection> {
  const invitation = await writeInvitation();
  const found = Promise.withResolvers<EngineConnection>();
  found.promise.catch(() => undefined);
  const server = await listen(invitation, found.resolve);
  const fail = () =>
    found.reject(new AppError(signal?.aborted ? { code: 'cancelled' } : { code: 'engine-gone' }));
  const timer = setTimeout(fail, answerMs);
  signal?.addEventListener('abort', fail, { once: true });
  try {
    const { exited } = await launch(invitation.file, signal);
    void exited.then(fail, fail);
    return await found.promise;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', fail);
    server.close();
    await invitation.withdraw();
  }
}

async function listen(
  { address, secret }: Invitation,
  onEngine: (connection: EngineConnection) => void,
): Promise<Server> {
  const strangers = new Set<Socket>();
  let taken = false;
  const server = createServer(socket => {
    if (taken || strangers.size >= stranger.atOnce) return void socket.destroy();
    strangers.add(socket);
    socket.once('close', () => strangers.delete(socket));
    meet(socket, secret, connection => {
      if (taken) return connection.close();
      taken = true;
      strangers.delete(socket);
      for (const other of strangers) other.destroy();
      onEngine(connection);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  return server;
}

/** Hears what somebody who has connected says, and takes them for the engine once they have proved it. */
function meet(
  socket: Socket,
  secret: Uint8Array,
  onProved: (connection: EngineConnection) => void,
): void {
  const handshake = windowHandshake(secret);
  let proved = false;
  const timer = setTimeout(() => socket.destroy(), stranger.patienceMs);
  const frames: Frames = readFrames(
    socket,
    { maxFrame: () => (proved ? maxFrame : stranger.maxFrame) },
    {
      onFrame(frame) {
        if (proved) return parts.receive(frame);
        const { send, done, refused } = handshake.receive(frame);
        if (refused === true) return frames.close();
        if (send) frames.send(send);
        if (done !== true) return;
        proved = true;
        clearTimeout(timer);
        onProved(parts.connection);
      },
      onEnd() {
        clearTimeout(timer);
        parts.end();
      },
    },
  );
  const parts = createEngineConnection(frames);
  frames.send(handshake.opening);
}
