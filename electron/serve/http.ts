import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { readBundleFile } from '../ipc/bundle-files.ts';
import { bundleHeaders } from '../ipc/content-policy.ts';
import { cookieName, type Gate } from './gate.ts';
import { refusalPage, welcomePage } from './pages.ts';
import type { Sessions } from './session.ts';

interface Site {
  readonly bundleDir: string;
  readonly port: number;
  readonly gate: Gate;
  readonly sessions: Sessions;
  /** A browser was let in: the address that it used is worthless now. */
  readonly onLetIn: () => void;
}

/** Serves the renderer bundle to those who were let in, and nothing else. */
export function siteListener(site: Site): RequestListener {
  return (request, response) => {
    respond(site, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  };
}

async function respond(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return sendText(response, 405, 'Only GET is answered.\n', { allow: 'GET, HEAD' });
  }
  // Not `new URL(...)`, which would resolve dot segments before we can refuse them.
  const [urlPath = '/', query = ''] = (request.url ?? '/').split('?', 2);
  const refusal = site.gate.page(request);
  const token = new URLSearchParams(query).get('token');
  if (refusal !== 'host' && urlPath === '/' && token !== null) {
    const session = site.sessions.exchange(token);
    if (session !== undefined) return letIn(site, response, session);
  }
  if (refusal !== undefined) return sendHtml(response, 403, refusalPage(refusal));
  const file = await readBundleFile(site.bundleDir, urlPath);
  if (file === undefined) return sendText(response, 404, 'There is no such page.\n');
  response.writeHead(200, {
    ...bundleHeaders,
    'cache-control': 'no-cache',
    'content-type': file.contentType,
    'content-length': file.content.byteLength,
  });
  response.end(request.method === 'HEAD' ? undefined : file.content);
}

function letIn(site: Site, response: ServerResponse, session: string): void {
  const cookie = `${cookieName(site.port)}=${session}; Path=/; HttpOnly; SameSite=Strict`;
  sendHtml(response, 200, welcomePage(), { 'set-cookie': cookie });
  site.onLetIn();
}

const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

function sendHtml(
  response: ServerResponse,
  status: number,
  html: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...bundleHeaders,
    'content-security-policy': pagePolicy,
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=utf-8',
    ...headers,
  });
  response.end(html);
}

function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...bundleHeaders,
    'content-type': 'text/plain; charset=utf-8',
    ...headers,
  });
  response.end(text);
}
