import { createServer } from 'node:http';
import { listen, urlHost } from './engine/net/listen.ts';
import type { Handlers } from './ipc/answer.ts';
import type { EventHub } from './ipc/event-hub.ts';
import { createGate } from './serve/gate.ts';
import { siteListener } from './serve/http.ts';
import { createSessions } from './serve/session.ts';
import { serveSocket } from './serve/socket.ts';

export interface ServeOptions {
  /** Folder of the renderer bundle. */
  readonly bundleDir: string;
  readonly handlers: Handlers;
  readonly events: EventHub;
  /** Address to listen on; loopback unless told otherwise. */
  readonly host?: string;
  /** 0 takes a free port. */
  readonly port?: number;
  /** A browser used the address; this is the one for the next browser. */
  readonly onLetIn?: (nextUrl: string) => void;
}

export interface RunningServer {
  /** Opens the app once, in one browser. */
  readonly url: string;
  /** Says goodbye to every client and waits until the port is free. */
  close(): Promise<void>;
}

/**
 * Serves the same UI as the window, with the same contract over a WebSocket. What protects it is in
 * docs/security.md. Fails with `file-system` where the address cannot be listened on.
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000 });
  const port = await listen(server, host, options.port ?? 0);
  const sessions = createSessions();
  const gate = createGate(sessions, urlHost(host), port);
  const newUrl = (): string => `http://${urlHost(host)}:${port}/?token=${sessions.newToken()}`;
  const { bundleDir, handlers, events } = options;
  const onLetIn = (): void => options.onLetIn?.(newUrl());
  server.on('request', siteListener({ bundleDir, port, gate, sessions, onLetIn }));
  const closeSockets = serveSocket({ server, gate, handlers, events });

  async function close(): Promise<void> {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    closeSockets();
    server.closeIdleConnections();
    await closed.promise;
  }

  return { url: newUrl(), close };
}
