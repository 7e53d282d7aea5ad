import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { z } from 'zod';
import type { ServerFrame } from '../../shared/ipc/bridge.ts';
import type { Handlers } from '../ipc/answer.ts';
import type { EventHub } from '../ipc/event-hub.ts';
import { createOutbox } from '../ipc/outbox.ts';
import { createRequests } from '../ipc/requests.ts';
import type { Gate } from './gate.ts';

/** Bytes of one frame: a Dockerfile of 16 Mi characters as escaped JSON, and some. */
const maxFrame = 48 * 1024 * 1024;
/** Bytes that may wait for a slow client before events are held back. */
const maxBuffered = 4 * 1024 * 1024;
const pingMs = 30_000;
/** Close codes 4000-4999 are ours (RFC 6455, 7.4.2). A refused upgrade would tell a browser nothing. */
const closeCodes = { sessionEnded: 4403, malformed: 1007, tooSlow: 1013, goingAway: 1001 } as const;

const frameSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('request'),
    requestId: z.string(),
    channel: z.string(),
    input: z.unknown(),
  }),
  z.strictObject({ kind: z.literal('cancel'), requestId: z.string() }),
]);

interface SocketOptions {
  readonly server: Server;
  readonly gate: Gate;
  readonly handlers: Handlers;
  readonly events: EventHub;
}

/** Speaks the contract over WebSockets at `/ipc`. Returns a function that ends every connection. */
export function serveSocket({ server, gate, handlers, events }: SocketOptions): () => void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxFrame,
    perMessageDeflate: false,
  });

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const refusal = gate.socket(request);
    if (request.url !== '/ipc' || refusal === 'host' || refusal === 'origin') {
      stream.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, stream, head, socket => {
      if (refusal === undefined) attend(socket, handlers, events);
      else socket.close(closeCodes.sessionEnded, 'session ended');
    });
  }

  server.on('upgrade', upgrade);
  return () => {
    for (const socket of sockets.clients) {
      socket.close(closeCodes.goingAway, 'server stops');
      setTimeout(() => socket.terminate(), 500).unref();
    }
  };
}

function attend(socket: WebSocket, handlers: Handlers, events: EventHub): void {
  const requests = createRequests(handlers);
  const outbox = createOutbox({
    send: batch => send(socket, { kind: 'events', events: batch }),
    ready: () => socket.bufferedAmount < maxBuffered,
    tooSlow: () => socket.close(closeCodes.tooSlow, 'does not keep up'),
  });
  const unsubscribe = events.subscribe(message => outbox.post(message));
  const stopPings = keepAlive(socket);

  socket.on('message', data => {
    const frame = frameOf(data);
    if (frame === undefined) return socket.close(closeCodes.malformed, 'not a frame');
    if (frame.kind === 'cancel') return requests.cancel(frame.requestId);
    void requests.run(frame.requestId, frame.channel, frame.input).then(reply => {
      outbox.beforeReply();
      send(socket, { kind: 'reply', requestId: frame.requestId, reply });
    });
  });
  // Protocol errors (a frame that is too large, bad UTF-8) close the socket by themselves.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    unsubscribe();
    stopPings();
    outbox.close();
    requests.cancelAll();
  });
}

function frameOf(data: RawData): z.output<typeof frameSchema> | undefined {
  try {
    // With the default binaryType every message is one Buffer.
    return frameSchema.safeParse(JSON.parse((data as Buffer).toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

function send(socket: WebSocket, frame: ServerFrame): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
}

/** Ends the connection of a client that vanished without a word (a laptop that sleeps). */
function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on('pong', () => (answered = true));
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, pingMs);
  return () => clearInterval(timer);
}
