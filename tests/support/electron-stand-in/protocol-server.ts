import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

type ProtocolHandler = (request: Request) => Response | Promise<Response>;

/** Serves what `protocol.handle` registered, and translates addresses both ways. */
export interface ProtocolServer {
  handle(scheme: string, handler: ProtocolHandler): void;
  /** `app://bundle/x` as the browser knows it; other addresses stay. */
  toBrowser(address: string): string;
  fromBrowser(address: string): string;
  close(): void;
}

/** Names below localhost lead to loopback, and are a secure context to the browser. */
export async function startProtocolServer(): Promise<ProtocolServer> {
  const handlers = new Map<string, ProtocolHandler>();
  const server = createServer((request, response) => {
    respond(request, response).catch(() => response.destroy());
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const outside = new RegExp(`^http://([^/]+)\\.([a-z]+)\\.localhost:${port}(?=/|$)`);

  function fromBrowser(address: string): string {
    return address.replace(outside, '$2://$1');
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = fromBrowser(`http://${request.headers.host ?? ''}${request.url ?? '/'}`);
    const handler = handlers.get(address.split(':')[0] ?? '');
    if (handler === undefined) throw new Error(`no protocol for ${address}`);
    const answer = await handler(new Request(address, { method: request.method ?? 'GET' }));
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    if (answer.body === null) response.end();
    else await pipeline(Readable.fromWeb(answer.body as ReadableStream), response);
  }

  return {
    handle: (scheme, handler) => void handlers.set(scheme, handler),
    toBrowser: address =>
      address.replace(/^([a-z]+):\/\/([^/]+)/, (whole, scheme: string, host: string) =>
        handlers.has(scheme) ? `http://${host}.${scheme}.localhost:${port}` : whole,
      ),
    fromBrowser,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
