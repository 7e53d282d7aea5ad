import { connect } from 'node:net';
import { z } from 'zod';
import { AppError } from '../../shared/failure.ts';
import type { ServerFrame } from '../../shared/ipc/bridge.ts';
import type { Handlers } from '../ipc/answer.ts';
import type { EventHub } from '../ipc/event-hub.ts';
import { createOutbox } from '../ipc/outbox.ts';
import { createRequests } from '../ipc/requests.ts';
import { readFrames, type Frames } from './frames.ts';
import { engineHandshake } from './handshake.ts';
import { acceptInvitation, type Invitation } from './invitation.ts';

const maxFrame = 48 * 1024 * 1024;
const handshakeFrame = 1024;
const patienceMs = 10_000;
/** Bytes that may wait for a slow window before events are held back. */
const maxBuffered = 4 * 1024 * 1024;

const frameSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('request'),
    requestId: z.string(),
    channel: z.string(),
    input: z.unknown(),
  }),
  z.strictObject({ kind: z.literal('cancel'), requestId: z.string() }),
]);

/** What the engine's process answers with. */
export interface EngineParts {
  readonly handlers: Handlers;
  readonly events: EventHub;
}

/**
 * Connects to the window that wrote the invitation, checks that it is that window, and answers it until it goes. Fails
 * with `engine-gone` where nobody is there or who is there cannot prove to be the window: then nothing was obeyed.
 */
export async function runEngine(
  invitationFile: string,
  open: () => Promise<EngineParts>,
  signal?: AbortSignal,
): Promise<void> {
  const invitation = await acceptInvitation(invitationFile);
  await converse(invitation, open, signal);
}

async function converse(
  { address, secret }: Invitation,
  open: () => Promise<EngineParts>,
  signal?: AbortSignal,
): Promise<void> {
  const socket = connect(address);
  const ended = Promise.withResolvers<void>();
  const handshake = engineHandshake(secret);
  let answering: Promise<Answering> | undefined;
  const timer = setTimeout(() => socket.destroy(), patienceMs);
  const stop = () => socket.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  const frames: Frames = readFrames(
    socket,
    { maxFrame: () => (answering ? maxFrame : handshakeFrame) },
    {
      onFrame(frame) {
        if (answering) return void answering.then(engine => engine.take(frame), stop);
        const { send, done, refused } = handshake.receive(frame);
        if (refused === true) return frames.close();
        if (send) frames.send(send);
        if (done !== true) return;
        clearTimeout(timer);
        answering = open().then(parts => answerOver(frames, parts));
        answering.catch(stop);
      },
      onEnd: () => ended.resolve(),
    },
  );
  await ended.promise;
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
  if (!answering) throw new AppError({ code: 'engine-gone' });
  (await answering).end();
}

interface Answering {
  take(frame: unknown): void;
  end(): void;
}

function answerOver(frames: Frames, { handlers, events }: EngineParts): Answering {
  const requests = createRequests(handlers);
  const send = (frame: ServerFrame) => frames.send(frame);
  const outbox = createOutbox({
    send: batch => send({ kind: 'events', events: batch }),
    ready: () => frames.waiting() < maxBuffered,
    tooSlow: () => frames.close(),
  });
  const unsubscribe = events.subscribe(message => outbox.post(message));
  return {
    take(value) {
      const frame = frameSchema.safeParse(value).data;
      if (!frame) return frames.close();
      if (frame.kind === 'cancel') return requests.cancel(frame.requestId);
      const { requestId, channel, input } = frame;
      void requests.run(requestId, channel, input).then(reply => {
        outbox.beforeReply();
        send({ kind: 'reply', requestId, reply });
      });
    },
    end() {
      unsubscribe();
      outbox.close();
      requests.cancelAll();
    },
  };
}
