import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Ends connections on which nothing moved for `milliseconds`, unless the client is waiting for us: making a large blob
 * durable can take longer than any client may be silent.
 */
export function limitIdleness(server: Server, milliseconds: number): void {
  const current = new WeakMap<Socket, { request: IncomingMessage; response: ServerResponse }>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) =>
    current.set(request.socket, { request, response }),
  );
  server.setTimeout(milliseconds, (socket: Socket) => {
    const { request, response } = current.get(socket) ?? {};
    const isOurTurn =
      request?.complete === true && response?.writableEnded === false && isAllSent(response);
    if (isOurTurn) socket.setTimeout(milliseconds);
    else socket.destroy();
  });
}

function isAllSent(response: ServerResponse): boolean {
  return response.writableLength === 0 && response.socket?.writableLength === 0;
}
